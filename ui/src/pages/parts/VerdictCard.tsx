import type { Verdict as Judged } from '../../api/verdicts';
import { ago, dateTime, duration, parseMoment } from '../../format/time';
import type { LogScope } from '../../routes/links';
import { now } from '../../state/clock';
import { zone } from '../../state/zone';
import { LastLines } from './LastLines';
import { Verdict } from './VerdictMark';

/** Words that are about instances which ended: their last lines say why. */
const ENDED = new Set(['crash-looping', 'oom-killed', 'restarting', 'failing', 'failed']);

/** Evidence that is the end of a run. */
const EXIT = 'exit';

/** Evidence that is a line of a log. */
const LAST_LINE = 'last line';

/** What the server makes of the subject of a page, and what it saw. Nothing where it does not judge. */
export function VerdictCard({ verdict, lines }: { verdict: Judged | null; lines?: LogScope }) {
  if (!verdict) return null;
  const since = parseMoment(verdict.since ?? '');
  const well = verdict.severity === 'ok';
  const exit = verdict.evidence.find(({ label, time }) => time !== null && label.includes(EXIT));
  const told = lines !== undefined && ENDED.has(verdict.word);
  // Of a workload no single exit is told: its newest lines are shown instead.
  const until = parseMoment(exit?.time ?? '') ?? Math.floor(now.value / 60_000) * 60_000;
  // The lines themselves are shown below, with their times.
  const evidence = verdict.evidence.filter(({ label }) => !told || label !== LAST_LINE);
  return (
    <section class={`card verdict ${well ? 'well' : ''}`} aria-label="Health">
      <p class="verdict-head">
        <Verdict verdict={verdict} />
        <span>{verdict.reason}</span>
        {since !== null && !well && (
          <span class="muted" title={`since ${dateTime(since, zone.value)}`}>
            for {duration((now.value - since) / 1000)}
          </span>
        )}
      </p>
      {evidence.length > 0 && (
        <dl class="evidence">
          {evidence.map((one, index) => {
            const time = parseMoment(one.time ?? '');
            return (
              <div key={`${index} ${one.label}`}>
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
      {told && <LastLines of={lines} until={until} title={exit ? 'Last lines before it ended' : 'Last lines'} />}
    </section>
  );
}
