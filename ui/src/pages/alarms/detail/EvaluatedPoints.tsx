import type { Counted, EvaluatedPoint } from '../../../api/alarms';
import { pointsOf } from '../../../alarms/chart';
import { COUNTED_WORDS } from '../../../alarms/words';
import { exact, format } from '../../../format/number';
import type { Unit } from '../../../format/number';
import { dateTime, parseMoment } from '../../../format/time';
import { zone } from '../../../state/zone';
import { PointMark } from './PointLegend';

const RED: ReadonlySet<Counted> = new Set(['Breaching', 'FilledBreaching']);

/** The points that a decision was made from, and what each was counted as. */
export function EvaluatedPoints({ series, unit }: { series: { points: readonly EvaluatedPoint[] }; unit: Unit }) {
  if (series.points.length === 0) return <p class="muted">No point was looked at.</p>;
  const banded = series.points.some(({ lower, upper }) => lower !== null || upper !== null);
  const marks = pointsOf(series);
  return (
    <div class="table-scroll points-table" tabIndex={0} role="group" aria-label="Evaluated points">
      <table class="data">
        <caption class="sr-only">Evaluated points, oldest first</caption>
        <thead>
          <tr>
            <th scope="col">Period from</th>
            <th scope="col" class="end">
              Value
            </th>
            {banded && (
              <th scope="col" class="end">
                Band
              </th>
            )}
            <th scope="col">Counted as</th>
          </tr>
        </thead>
        <tbody>
          {series.points.map((point, index) => (
            <tr key={point.time}>
              <th scope="row" class="num">
                {dateTime(parseMoment(point.time) ?? 0, zone.value)}
              </th>
              <td class="end num" title={exact(unit, point.value)}>
                {point.value === null ? <span class="muted">missing</span> : format(unit, point.value)}
              </td>
              {banded && (
                <td class="end num">
                  {format(unit, point.lower)} to {format(unit, point.upper)}
                </td>
              )}
              <td>
                <span class={`status ${RED.has(point.counted) ? 'bad' : ''}`}>
                  <PointMark kind={marks[index]?.kind ?? 'missing'} />
                  {COUNTED_WORDS[point.counted]}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
