import { exact, format } from '../format/number';
import { clockTime, dateTime } from '../format/time';
import type { Zone } from '../format/time';
import { Icon } from '../app/icons';
import { alarmsAt } from './alarms';
import { cursor } from './cursor';
import { HAPPENING_ICONS, near } from './happening';
import { placesOf, Swatch } from './Legend';
import { nearest } from './model';
import type { ChartModel } from './model';

const MOST = 12;
const MOST_HAPPENINGS = 4;
const MOST_ALARMS = 4;
/** What is drawn at a moment is told within this share of the chart to both sides of it. */
const REACH = 0.012;

interface Properties {
  id: string;
  model: ChartModel;
  zone: Zone;
  /** The way to the log lines of a moment. */
  lines: ((time: number | null) => string) | null;
}

/** The values at the cursor, largest first and limits last, beside it; in the chart that the reader is in only. Also read aloud. */
export function HoverList({ id, model, zone, lines }: Properties) {
  const { time, owner, pinned } = cursor.value;
  const at = time === null || owner !== id ? null : nearest(model.times, time, model.period);
  return (
    <div class="hover" role="status" aria-live="polite">
      {at === null ? null : <Card model={model} at={at} zone={zone} pinned={pinned} lines={lines} />}
    </div>
  );
}

function Card({ model, at, zone, pinned, lines }: Omit<Properties, 'id'> & { at: number; pinned: boolean }) {
  const time = model.times[at] ?? 0;
  const share = (time - model.span.start) / (model.span.end - model.span.start);
  const places = placesOf(model.series);
  const reach = Math.max(model.period, (model.span.end - model.span.start) * REACH);
  const happened = near(model.happenings ?? [], time, reach);
  const firing = alarmsAt(model.alarms ?? [], time, model.period);
  const rows = model.series
    .map((series) => ({ series, value: series.values[at] ?? null }))
    .sort(
      (a, b) =>
        Number(a.series.shape === 'limit') - Number(b.series.shape === 'limit') || (b.value ?? -1) - (a.value ?? -1),
    );
  return (
    <div
      class={`hover-card ${pinned ? 'pinned' : ''} ${share > 0.5 ? 'to-left' : 'to-right'}`}
      style={{ '--share': String(share) }}
    >
      <p class="hover-time num">
        {dateTime(time, zone)}
        {pinned ? ' · pinned' : ''}
      </p>
      <ul>
        {rows.slice(0, MOST).map(({ series, value }) => (
          <li key={series.key}>
            <Swatch series={series} place={places.get(series.key) ?? 0} />
            <span class="legend-label">{series.label}</span>
            <span class="num" title={exact(model.unit, value)}>
              {format(model.unit, value)}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p class="muted">and {rows.length - MOST} more</p>}
      {firing.length > 0 && (
        <ul class="happened" aria-label="In alarm">
          {firing.slice(0, MOST_ALARMS).map((one) => (
            <li key={one.name}>
              <span class="status bad">
                <Icon name="alarms" />
                in alarm
              </span>
              <span>
                <a href={one.href}>{one.name}</a>
                {one.of !== null && <span class="muted"> {one.of}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {firing.length > MOST_ALARMS && <p class="muted">and {firing.length - MOST_ALARMS} more in alarm</p>}
      {happened.length > 0 && (
        <ul class="happened">
          {happened.slice(0, MOST_HAPPENINGS).map((one) => (
            <li key={`${one.time} ${one.label}`}>
              <Icon name={HAPPENING_ICONS[one.kind]} />
              <span>
                <span class="num">{clockTime(one.time, zone)}</span> {one.label}
              </span>
            </li>
          ))}
        </ul>
      )}
      {happened.length > MOST_HAPPENINGS && <p class="muted">and {happened.length - MOST_HAPPENINGS} more</p>}
      {(model.bands ?? [])
        .filter((band) => band.start < time + model.period && band.end >= time)
        .slice(0, 3)
        .map((band) => (
          <p key={`${band.start} ${band.label}`} class="status bad">
            {band.label}
          </p>
        ))}
      {pinned && lines && (
        <p>
          <a href={lines(time)}>Log lines of this minute</a> <kbd>o</kbd>
        </p>
      )}
    </div>
  );
}
