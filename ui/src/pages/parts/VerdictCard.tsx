import type { Verdict as Judged } from '../../api/verdicts';
import { ago, dateTime, parseMoment } from '../../format/time';
import type { LogScope } from '../../routes/links';
import { now } from '../../state/clock';
import { zone } from '../../state/zone';
import { LastLines } from './LastLines';
import { Verdict } from './VerdictMark';

/** Words that are about instances which ended: their last lines say why. */
const ENDED = new Set(['crash-looping', 'oom-killed', 'restarting', 'failing', 'failed']);

/** What the server makes of the subject of a page, and what it saw. Nothing where it does not judge. */
export function VerdictCard({ verdict, lines }: { verdict: Judged | null; lines?: LogScope }) {
  if (!verdict) return null;
  const since = parseMoment(verdict.since ?? '');
  const well = verdict.severity === 'ok';
  const ended =
    lines && ENDED.has(verdict.word)
      ? verdict.evidence.map((one) => parseMoment(one.time ?? '')).find((time) => time !== null)
      : undefined;
  return (
    <section class={`card verdict ${well ? 'well' : ''}`} aria-label="Health">
      <p class="verdict-head">
        <Verdict verdict={verdict} />
        <span>{verdict.reason}</span>
        {since !== null && !well && (
          <span class="muted" title={dateTime(since, zone.value)}>
            since {ago(since, now.value)}
          </span>
        )}
      </p>
      {verdict.evidence.length > 0 && (
        <dl class="evidence">
          {verdict.evidence.map((one) => {
            const time = parseMoment(one.time ?? '');
            return (
              <div key={`${one.label} ${one.value} ${one.time ?? ''}`}>
                <dt>{one.label}</dt>
                <dd>
                  {one.value}
                  {time !== null && (
                    <span class="muted" title={dateTime(time, zone.value)}>
                      {' '}
                      {ago(time, now.value)}
                    </span>
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      {verdict.also.length > 0 && (
        <ul class="also" aria-label="Besides">
          {verdict.also.map((one) => (
            <li key={one.word}>
              <Verdict verdict={one} /> <span class="muted">{one.reason}</span>
            </li>
          ))}
        </ul>
      )}
      {lines && ended !== undefined && <LastLines of={lines} until={ended} title="Last lines before it ended" />}
    </section>
  );
}
