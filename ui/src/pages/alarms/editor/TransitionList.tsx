import { useState } from 'preact/hooks';
import type { Replay, ReplayTransition } from '../../../api/alarms';
import { labelsText } from '../../../alarms/order';
import type { Unit } from '../../../format/number';
import { dateTime, parseMoment } from '../../../format/time';
import { zone } from '../../../state/zone';
import { EvaluatedPoints } from '../detail/EvaluatedPoints';
import { StateMark } from '../StateMark';

const MOST = 30;

interface Listed extends ReplayTransition {
  key: string;
  of: string;
}

/** Every change of state of a replay, newest first, each with the points that it saw. */
export function TransitionList({ replay, unit }: { replay: Replay; unit: Unit }) {
  const [most, setMost] = useState(MOST);
  const all = replay.series
    .flatMap(({ labels, transitions }) =>
      transitions.map((one, index): Listed => ({
        ...one,
        of: labelsText(labels),
        key: `${JSON.stringify(labels)} ${one.time} ${index}`,
      })),
    )
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
  if (all.length === 0) return <p class="muted">Its state would not have changed in this range.</p>;
  return (
    <section aria-label="Changes of state">
      <ol class="transitions card">
        {all.slice(0, most).map((one) => (
          <li key={one.key}>
            <details>
              <summary>
                <time class="num" dateTime={one.time}>
                  {dateTime(parseMoment(one.time) ?? 0, zone.value)}
                </time>
                <StateMark state={one.to} />
                {one.of !== '' && <span>{one.of}</span>}
              </summary>
              <p>{one.reason}</p>
              <EvaluatedPoints series={one} unit={unit} />
            </details>
          </li>
        ))}
      </ol>
      {all.length > most && (
        <p class="table-more">
          Showing {most} of {all.length}.{' '}
          <button type="button" onClick={() => setMost(most + 100)}>
            Show more
          </button>
        </p>
      )}
    </section>
  );
}
