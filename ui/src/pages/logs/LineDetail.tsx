import type { ComponentChildren } from 'preact';
import type { LogLine } from '../../api/logs';
import { copy } from '../../app/announce';
import { Icon } from '../../app/icons';
import { exact } from '../../format/number';
import { dateTime, zoneName } from '../../format/time';
import { stripAnsi } from '../../logs/ansi';
import { jsonOf } from '../../logs/json';
import { timeOf } from '../../logs/source';
import { containerLink, minuteOf, nodeLink, podLink } from '../../routes/links';
import { zone } from '../../state/zone';
import { FieldButtons, JsonTree } from './JsonTree';
import type { FieldActions } from './JsonTree';
import { lineLink } from './share';

/** Minutes of metrics shown before and after a line. */
const AROUND_MINUTES = 15;

/** Fields that a condition on their value would say nothing by. */
const UNIQUE = new Set(['id', 'time', 'stamped_time', 'offset', 'sequence', 'anchor', 'message']);

export interface DetailActions extends FieldActions {
  onContext: (line: LogLine) => void;
}

/** All that is known of a line, and what can be done with it. */
export function LineDetail({ line, actions }: { line: LogLine; actions: DetailActions }) {
  const object = jsonOf(stripAnsi(line.message));
  const fields = Object.entries(line).filter(
    ([name, value]) => name !== 'message' && name !== 'anchor' && value !== null && value !== undefined,
  );
  return (
    <div class="line-detail">
      <div class="line-actions" role="group" aria-label="This line">
        <Action
          label="Lines around it"
          hint="The lines before and after it in the same log (c)"
          onPick={() => actions.onContext(line)}
        />
        <Action label="Copy message" onPick={() => void copy(line.message, 'Message')} />
        <Action label="Copy as JSON" onPick={() => void copy(JSON.stringify(withoutAnchor(line), null, 2), 'Line')} />
        <Action label="Copy link" onPick={() => void copy(lineLink(line), 'Link to this line')} icon="link" />
        <MetricLinks line={line} />
      </div>
      <Marks line={line} />
      {object ? <JsonTree value={object} actions={actions} /> : <pre class="line-whole">{stripAnsi(line.message)}</pre>}
      <table class="line-fields">
        <caption class="sr-only">Fields of this line</caption>
        <tbody>
          {fields.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="mono">
                {String(value)}
                {name === 'time' && (
                  <span class="muted">
                    {' '}
                    · {dateTime(timeOf(line), zone.value)} {zoneName(zone.value)}
                  </span>
                )}
                {!UNIQUE.has(name) && <FieldButtons field={name} value={String(value)} actions={actions} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function withoutAnchor(line: LogLine): Record<string, unknown> {
  const copied: Record<string, unknown> = { ...line };
  delete copied.anchor;
  return copied;
}

function Action({ label, hint, icon, onPick }: { label: string; hint?: string; icon?: 'link'; onPick: () => void }) {
  return (
    <button type="button" title={hint ?? label} onClick={onPick}>
      {icon && <Icon name={icon} />}
      {label}
    </button>
  );
}

/** The charts of what wrote the line, around its time. */
function MetricLinks({ line }: { line: LogLine }) {
  const own = minuteOf(timeOf(line), AROUND_MINUTES);
  const links: [string, string][] = [];
  if (line.container_id !== undefined && line.node !== undefined) links.push(['container', containerLink(line, own)]);
  if (line.pod_uid !== undefined) links.push(['pod', podLink(line, own)]);
  if (line.node !== undefined) links.push(['node', nodeLink(line, own)]);
  if (links.length === 0) return null;
  return (
    <span class="metric-links">
      Metrics around this:{' '}
      {links.map(([what, href], index) => (
        <span key={what}>
          {index > 0 && ' · '}
          <a href={href} aria-label={`Metrics of the ${what} around this`}>
            {what}
          </a>
        </span>
      ))}
    </span>
  );
}

/** What was done to the line on its way, in words. */
export function Marks({ line }: { line: LogLine }) {
  const said: ComponentChildren[] = [];
  if ((line.truncated_bytes ?? 0) > 0)
    said.push(`${exact('bytes', line.truncated_bytes)} were cut off its end: it is longer than the agent's bound.`);
  if ((line.invalid_bytes ?? 0) > 0)
    said.push(`${exact('bytes', line.invalid_bytes)} were no UTF-8; U+FFFD (\uFFFD) stands in their place.`);
  if (line.stamped_time !== undefined)
    said.push(`It was stamped ${line.stamped_time}, which is no time to believe: the time shown is when it was read.`);
  if ((line.joined_lines ?? 1) > 1) said.push(`Joined from ${exact('count', line.joined_lines)} lines of the file.`);
  if (said.length === 0) return null;
  return (
    <ul class="line-marks">
      {said.map((sentence, index) => (
        <li key={index}>{sentence}</li>
      ))}
    </ul>
  );
}
