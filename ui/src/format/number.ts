/**
 * Numbers as a person reads them: three significant digits, a unit that fits, and the exact value kept for hover.
 * A missing value is a dash, never a zero.
 */

/** What a number counts; decides scaling and suffix. */
export type Unit =
  'cores' | 'bytes' | 'bytes_per_second' | 'bits_per_second' | 'percent' | 'count' | 'per_second' | 'seconds';

/** Shown where there is no value. */
export const ABSENT = '–';

const NBSP = '\u00a0';
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P'];

/** Three significant digits without exponent and without losing digits before the point: 1234 → "1234", 0.01234 → "0.0123". */
export function significant(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size < 1e-6) return value.toExponential(1);
  const digits = size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 2 - Math.floor(Math.log10(size) + 1e-12);
  return value.toFixed(Math.min(digits, 8));
}

interface Scaled {
  value: number;
  suffix: string;
}

/** Picks the prefix with which the value rounds to fewer than four digits before the point. */
function scaled(value: number, base: number, names: readonly string[]): Scaled {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && index < names.length - 1) {
    rest /= base;
    index += 1;
  }
  return { value: rest, suffix: names[index] ?? '' };
}

function join(text: string, suffix: string): string {
  return suffix === '' ? text : `${text}${NBSP}${suffix}`;
}

function formatBytes(value: number, per: string): string {
  const s = scaled(value, 1024, BINARY);
  const text = s.suffix === 'B' && Number.isInteger(s.value) ? String(s.value) : significant(s.value);
  return join(text, s.suffix + per);
}

function formatDecimal(value: number, per: string): string {
  const s = scaled(value, 1000, DECIMAL);
  const text = s.suffix === '' && Number.isInteger(s.value) ? String(s.value) : significant(s.value);
  return join(text, s.suffix + per);
}

/** Kubernetes' way: below one core in thousandths, `85m`. */
function formatCores(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.9995) return `${significant(value * 1000)}m`;
  return significant(value);
}

function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return join('0', 's');
  if (size < 0.9995e-3) return join(significant(value * 1e6), 'µs');
  if (size < 0.9995) return join(significant(value * 1e3), 'ms');
  return join(significant(value), 's');
}

/** The value with its unit, at three significant digits. */
export function format(unit: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return ABSENT;
  switch (unit) {
    case 'cores':
      return formatCores(value);
    case 'bytes':
      return formatBytes(value, '');
    case 'bytes_per_second':
      return formatBytes(value, '/s');
    case 'bits_per_second':
      return formatDecimal(value, 'bit/s');
    case 'percent':
      return join(value > 0 && value < 0.005 ? '<0.01' : significant(value), '%');
    case 'count':
      return formatDecimal(value, '');
    case 'per_second':
      return formatDecimal(value, '/s');
    case 'seconds':
      return formatSeconds(value);
  }
}

const EXACT: Record<Unit, string> = {
  cores: 'cores',
  bytes: 'bytes',
  bytes_per_second: 'bytes per second',
  bits_per_second: 'bits per second',
  percent: 'percent',
  count: '',
  per_second: 'per second',
  seconds: 'seconds',
};

/** Made once: a table asks for thousands of texts, and making the formatter costs far more than using it. */
const GROUPED = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 9 });

/** The whole value with the unit's name, for titles and copying: "1,234,567 bytes". */
export function exact(unit: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'no data';
  const text = GROUPED.format(value);
  return EXACT[unit] === '' ? text : `${text} ${EXACT[unit]}`;
}

/** The unit's name for the ear: `85m` alone does not say cores. */
export function spoken(unit: Unit, value: number | null | undefined): string {
  const text = format(unit, value);
  return unit === 'cores' && text !== ABSENT ? `${text} cores` : text;
}
