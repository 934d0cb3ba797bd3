import { useState } from 'preact/hooks';
import { serverNow } from '../api/http';
import { dateTime, zoneName } from '../format/time';
import type { Zone } from '../format/time';
import { address, patched, path, query, queryText } from '../routes/location';
import { range, setRange } from '../state/clock';
import { PRESETS, lengthText, lengthWords, parseLength, rangeToQuery, spanOf } from '../state/range';
import type { Span } from '../state/range';
import { setZone, zone } from '../state/zone';
import { copy } from './announce';
import { Icon } from './icons';

/** Relative ranges by one press or by typing, fixed ones by their ends, and the zone in which times are written. */
export function RangePicker({ onDone }: { onDone: () => void }) {
  const shown = range.value;
  const here = zone.value;
  const span = spanOf(shown, serverNow());
  const [typed, setTyped] = useState(shown.kind === 'relative' ? lengthText(shown.seconds) : '');
  const [from, setFrom] = useState(dateTime(span.start, here));
  const [to, setTo] = useState(dateTime(span.end, here));
  const [fault, setFault] = useState<string | null>(null);

  const relative = (seconds: number | null) => {
    if (seconds === null) {
      setFault('Write a length such as 90m, 6h or 2d.');
      return;
    }
    setRange({ kind: 'relative', seconds });
    onDone();
  };
  const fixed = () => {
    const start = parseInZone(from, here);
    const end = parseInZone(to, here);
    if (start === null || end === null) setFault('Write both ends as 2026-11-23 08:00:00.');
    else if (end - start < 10_000) setFault('The end must be at least 10 seconds after the start.');
    else {
      setRange({ kind: 'absolute', start, end });
      onDone();
    }
  };

  return (
    <div class="range-picker">
      <div>
        <h2>Up to now</h2>
        <ul class="menu">
          {PRESETS.map((seconds) => (
            <li key={seconds}>
              <button
                type="button"
                aria-pressed={shown.kind === 'relative' && shown.seconds === seconds}
                onClick={() => relative(seconds)}
              >
                {lengthWords(seconds)}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            relative(parseLength(typed));
          }}
        >
          <h2>Another length</h2>
          <label>
            Last
            <input
              type="text"
              value={typed}
              placeholder="90m"
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        </form>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            fixed();
          }}
        >
          <h2>Fixed</h2>
          <label>
            From
            <input
              class="num"
              type="text"
              value={from}
              spellcheck={false}
              onInput={(event) => setFrom(event.currentTarget.value)}
            />
          </label>
          <label>
            To
            <input
              class="num"
              type="text"
              value={to}
              spellcheck={false}
              onInput={(event) => setTo(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary">
            Show
          </button>
        </form>
        <p class="fault" role="alert">
          {fault}
        </p>
        <button
          type="button"
          title="The address with both ends fixed, so that whoever opens it later sees the same"
          onClick={() => void copy(frozenLink(span), 'Link with fixed times')}
        >
          <Icon name="copy" />
          Copy link with these times
        </button>
        <fieldset>
          <legend class="muted">Times in</legend>
          <div class="choices">
            {(['local', 'utc'] as const).map((choice) => (
              <label key={choice}>
                <input
                  type="radio"
                  name="zone"
                  checked={here === choice}
                  onChange={() => {
                    setZone(choice);
                    setFrom(dateTime(span.start, choice));
                    setTo(dateTime(span.end, choice));
                  }}
                />
                {choice === 'utc' ? 'UTC' : `here (${zoneName('local')})`}
              </label>
            ))}
          </div>
        </fieldset>
      </div>
    </div>
  );
}

/** The present address with its range fixed. */
function frozenLink(span: Span): string {
  const params = patched(
    query.peek(),
    rangeToQuery({
      kind: 'absolute',
      start: Math.floor(span.start / 1000) * 1000,
      end: Math.ceil(span.end / 1000) * 1000,
    }),
  );
  return window.location.origin + address(path.peek()) + queryText(params);
}

/** Milliseconds of `2026-11-23 08:00[:00]` in a zone; a text with a zone of its own keeps that. */
export function parseInZone(text: string, zone: Zone): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:\d{2})?$/.exec(text.trim());
  if (!found) return null;
  const ms = Date.parse(`${found[1] ?? ''}T${found[2] ?? ''}${found[3] ?? (zone === 'utc' ? 'Z' : '')}`);
  return Number.isNaN(ms) ? null : ms;
}
