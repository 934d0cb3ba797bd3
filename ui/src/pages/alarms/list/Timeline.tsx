import { timeIn } from '../../../alarms/spans';
import type { Stretch } from '../../../alarms/spans';
import { STATE_MARKS } from '../../../alarms/words';
import { dateTime, duration, momentIn } from '../../../format/time';
import { span } from '../../../state/clock';
import { zone } from '../../../state/zone';

/** The least width of a stretch, in thousandths: a short alarm is not to vanish. */
const LEAST = 4;

/** The states of an alarm over the page's range as a strip, and in words for ears. */
export function Timeline({ stretches, name }: { stretches: readonly Stretch[] | null; name: string }) {
  const { start, end } = span.value;
  if (stretches === null) return <span class="strip coming" aria-hidden="true" />;
  const place = (time: number) => Math.min(1000, Math.max(0, ((time - start) / (end - start)) * 1000));
  return (
    <svg class="strip" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label={words(name, stretches)}>
      {stretches.map((one) => {
        const left = place(one.start);
        const width = place(one.end) - left;
        return (
          <rect
            key={`${one.start} ${one.state}`}
            class={`strip-${one.state.toLowerCase()}`}
            x={Math.min(left, 1000 - LEAST)}
            // Told apart without colour: alarms are highest, what is not known is a thin line.
            y={one.state === 'ALARM' ? 0 : one.state === 'OK' ? 4 : 6}
            height={one.state === 'ALARM' ? 14 : one.state === 'OK' ? 6 : 2}
            width={one.state === 'ALARM' ? Math.max(width, LEAST) : width}
          >
            <title>
              {`${STATE_MARKS[one.state].word} from ${dateTime(one.start, zone.value)} to ${dateTime(one.end, zone.value)}`}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}

function words(name: string, stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return `${name}: its states in the range are not known`;
  const spent = timeIn(stretches);
  const times = stretches.filter(({ state }) => state === 'ALARM').length;
  if (times === 0) return `${name}: never in alarm in the range`;
  return `${name}: in alarm ${times === 1 ? 'once' : `${times} times`}, ${duration(Math.round(spent.ALARM / 1000))} in all`;
}

/** What the strips stand for, and the ends of the range. */
export function StripLegend() {
  const { start, end } = span.value;
  const text = (time: number) => momentIn(time, end - start, zone.value);
  return (
    <span class="muted num">
      {text(start)} to {text(end)}
    </span>
  );
}
