import { exact, format, spoken } from '../../../format/number';
import type { Unit } from '../../../format/number';
import type { Share } from './figures';

/** How much of what can be given to pods is used, and how much is asked for: two bars on one scale. */
export function CapacityBar({ title, unit, share }: { title: string; unit: Unit; share: Share }) {
  const { used, requested, allocatable } = share;
  return (
    <div class="capacity">
      <h3>
        {title}
        <span class="muted num" title={exact(unit, allocatable)}>
          {allocatable === null ? '' : `${spoken(unit, allocatable)} allocatable`}
        </span>
      </h3>
      <Line name="used" unit={unit} value={used} of={allocatable} />
      <Line name="requested" unit={unit} value={requested} of={allocatable} hatched />
    </div>
  );
}

function Line({
  name,
  unit,
  value,
  of,
  hatched = false,
}: {
  name: string;
  unit: Unit;
  value: number | null;
  of: number | null;
  hatched?: boolean;
}) {
  const share = value === null || of === null || of <= 0 ? null : value / of;
  const level = share !== null && share >= 0.95 ? 'high' : share !== null && share >= 0.8 ? 'mid' : '';
  return (
    <p class="capacity-line num" title={`${name}: ${exact(unit, value)}`}>
      <span>{name}</span>
      <span class={`capacity-track ${hatched ? '' : level}`} aria-hidden="true">
        {share !== null && (
          <span class={hatched ? 'hatched' : ''} style={{ width: `${Math.min(100, share * 100).toFixed(1)}%` }} />
        )}
      </span>
      <span>
        <b>{format('percent', share === null ? null : share * 100)}</b> <span class="muted">{spoken(unit, value)}</span>
      </span>
    </p>
  );
}
