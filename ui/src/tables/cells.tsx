import { Meter } from '../charts/Meter';
import { Sparkline } from '../charts/Sparkline';
import { exact, format, spoken } from '../format/number';
import type { Unit } from '../format/number';

/** A number with the line of its range beside it. */
export function TrendCell({
  unit,
  value,
  trend,
  tone,
}: {
  unit: Unit;
  value: number | null;
  trend: readonly (number | null)[] | undefined;
  tone?: 'a' | 'b';
}) {
  return (
    <span class="with-spark">
      <Sparkline values={trend} {...(tone ? { tone } : {})} />
      <span class="num">{format(unit, value)}</span>
    </span>
  );
}

/** A share of a limit with a meter; names the limit on hover. */
export function ShareCell({ share, quiet = null }: { share: number | null; quiet?: number | null }) {
  if (share === null) return <span class="muted">–</span>;
  return (
    <span class="with-meter">
      <span class="num">{format('percent', share * 100)}</span>
      <Meter share={share} quiet={quiet} />
    </span>
  );
}

/** Exact value for hover: `0.0853 cores of 2 cores`. */
export function shareTitle(unit: Unit, value: number | null, limit: number | null): string {
  return limit === null ? `${exact(unit, value)}; no limit` : `${exact(unit, value)} of ${spoken(unit, limit)}`;
}
