import type { LogLine, LossBand } from '../../api/logs';
import { Icon } from '../../app/icons';
import { dateTime } from '../../format/time';
import type { Zone } from '../../format/time';
import { levelOf, levelWord } from '../../logs/level';
import { timeOf } from '../../logs/source';
import { bandWords } from './bands';
import { LineDetail } from './LineDetail';
import type { DetailActions } from './LineDetail';
import { Message } from './Message';

/** How lines are shown. */
export interface LineLook {
  columns: readonly string[];
  wrap: boolean;
  colours: boolean;
  zone: Zone;
  /** Whether times have their date too. */
  dated: boolean;
}

interface Properties {
  line: LogLine | null;
  row: number;
  count: number;
  bands: readonly LossBand[];
  look: LineLook;
  selected: boolean;
  expanded: boolean;
  onPick: (row: number, toggle: boolean) => void;
  actions: DetailActions;
}

/** Characters of a message that are drawn in one row, and in one that wraps. */
const MOST_FLAT = 1000;
const MOST_WRAPPED = 10_000;

/** One line; before it, what was lost between it and the line above. */
export function LineRow({ line, row, count, bands, look, selected, expanded, onPick, actions }: Properties) {
  const level = levelOf(line?.level);
  return (
    <article
      class={`line ${level === '' ? 'unlevelled' : level} ${selected ? 'selected' : ''} ${expanded ? 'expanded' : ''} ${line?.anchor === true ? 'anchor' : ''}`}
      aria-posinset={row + 1}
      aria-setsize={count}
      aria-busy={line === null}
      tabIndex={selected ? 0 : -1}
      data-row={row}
      {...(line?.anchor === true ? { 'aria-current': true as const } : {})}
    >
      {bands.map((band) => (
        <BandRow key={`${band.log_source} ${band.kind} ${band.start}`} band={band} zone={look.zone} />
      ))}
      {line === null ? (
        <div class="line-head muted">…</div>
      ) : (
        <>
          <div
            class={`line-head ${look.wrap ? 'wrap' : ''}`}
            onClick={(event) => {
              // Choosing text with the mouse is no wish to open the line.
              if (event.target instanceof HTMLElement && event.target.closest('a') !== null) return;
              if ((window.getSelection()?.toString() ?? '') === '') onPick(row, true);
            }}
          >
            <button
              type="button"
              class="quiet line-toggle"
              aria-expanded={expanded}
              aria-label={`${expanded ? 'Close' : 'Open'} the line of ${dateTime(timeOf(line), look.zone)}`}
              onClick={(event) => {
                event.stopPropagation();
                onPick(row, true);
              }}
            >
              <Icon name={expanded ? 'down' : 'right'} />
            </button>
            <time class="line-time num" dateTime={line.time} title={line.time}>
              {timeText(line, look)}
            </time>
            {look.columns.map((column) => (
              <Cell key={column} column={column} line={line} />
            ))}
            <span class="line-message">
              <span class="line-text">
                <Message
                  text={look.wrap ? line.message : firstLine(line.message)}
                  colours={look.colours}
                  most={look.wrap ? MOST_WRAPPED : MOST_FLAT}
                />
              </span>
              {!look.wrap && <Folded message={line.message} />}
              {((line.truncated_bytes ?? 0) > 0 || (line.invalid_bytes ?? 0) > 0) && <CutMark line={line} />}
            </span>
          </div>
          {expanded && <LineDetail line={line} actions={actions} />}
        </>
      )}
    </article>
  );
}

function firstLine(message: string): string {
  const end = message.indexOf('\n');
  return end < 0 ? message : message.slice(0, end);
}

/** How many more lines a message has than the one that is shown. */
function Folded({ message }: { message: string }) {
  let lines = 0;
  for (let at = message.indexOf('\n'); at >= 0 && lines < 9999; at = message.indexOf('\n', at + 1)) lines += 1;
  if (lines === 0) return null;
  return <span class="badge num">+{lines} lines</span>;
}

function CutMark({ line }: { line: LogLine }) {
  const cut = (line.truncated_bytes ?? 0) > 0;
  return (
    <span class="badge status warn">
      <Icon name="warn" />
      {cut ? 'cut' : 'not UTF-8'}
    </span>
  );
}

function Cell({ column, line }: { column: string; line: LogLine }) {
  if (column === 'level') {
    const level = levelOf(line.level);
    return (
      <span class={`line-level ${level === '' ? 'unlevelled' : level}`}>{level === '' ? '' : levelWord(level)}</span>
    );
  }
  const value = line[column];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return (
    <span class={`line-cell ${column}`} title={text === '' ? undefined : `${column} ${text}`}>
      {text}
    </span>
  );
}

/** To the millisecond, in the chosen zone. */
function timeText(line: LogLine, { zone, dated }: LineLook): string {
  const ms = timeOf(line);
  const text = dateTime(ms, zone);
  const fraction = String(((ms % 1000) + 1000) % 1000).padStart(3, '0');
  return `${dated ? text.slice(5) : text.slice(11)}.${fraction}`;
}

/** A stretch in which lines are missing, where it falls. */
export function BandRow({ band, zone }: { band: LossBand; zone: Zone }) {
  return (
    <p class={`line-band ${band.kind}`}>
      <Icon name="warn" />
      <span>{bandWords(band, zone)}</span>
    </p>
  );
}
