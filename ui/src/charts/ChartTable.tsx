import { exact, format } from '../format/number';
import { dateTime } from '../format/time';
import type { Zone } from '../format/time';
import { alarmsAt, alarmWords } from './alarms';
import { during } from './happening';
import type { ChartModel } from './model';

/** A chart's numbers as a table, newest first: for screen readers, for copying, for exact values. */
export function ChartTable({ title, model, zone }: { title: string; model: ChartModel; zone: Zone }) {
  const order = [...model.times.keys()].reverse();
  const happenings = model.happenings ?? [];
  const alarms = model.alarms ?? [];
  return (
    <div class="chart-table" role="group" aria-label={`${title}, values`} tabIndex={0}>
      <table>
        <caption class="sr-only">
          {title}: {order.length} points of {model.period / 1000} seconds, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {alarms.length > 0 && <th scope="col">In alarm</th>}
            {happenings.length > 0 && <th scope="col">What happened</th>}
            {model.series.map((series) => (
              <th key={series.key} scope="col" class="end">
                {series.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((index) => (
            <tr key={model.times[index]}>
              <th scope="row" class="num">
                {dateTime(model.times[index] ?? 0, zone)}
              </th>
              {alarms.length > 0 && (
                <td class="happened">
                  {told(alarmsAt(alarms, model.times[index] ?? 0, model.period).map(alarmWords))}
                </td>
              )}
              {happenings.length > 0 && (
                <td class="happened">
                  {told(during(happenings, model.times[index] ?? 0, model.period).map((one) => one.label))}
                </td>
              )}
              {model.series.map((series) => {
                const value = series.values[index] ?? null;
                return (
                  <td key={series.key} class="end num" title={exact(model.unit, value)}>
                    {format(model.unit, value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MOST_TOLD = 3;

function told(labels: readonly string[]): string {
  const more = labels.length - MOST_TOLD;
  return labels.slice(0, MOST_TOLD).join('; ') + (more > 0 ? `; ${more} more` : '');
}
