import { ABSENT } from './number';

/** Amounts of US dollars. */

const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const whole = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const unit = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** `$125.13`; what is above nothing is not shown as nothing. */
export function amount(usd: number | null): string {
  if (usd === null || !Number.isFinite(usd)) return ABSENT;
  if (usd > 0 && usd < 0.005) return '<$0.01';
  return cents.format(usd);
}

/** As {@link amount}, without cents from ten thousand dollars on. */
export function largeAmount(usd: number | null): string {
  return usd !== null && Math.abs(usd) >= 10_000 && Number.isFinite(usd) ? whole.format(usd) : amount(usd);
}

/** The price of one unit, with all of its digits: `$0.0076`, `$0.30`. */
export function unitPrice(usd: number): string {
  return unit.format(usd);
}
