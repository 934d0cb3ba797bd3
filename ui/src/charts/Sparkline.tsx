import { withGaps } from './model';

const WIDTH = 72;
const HEIGHT = 20;

interface Properties {
  values: readonly (number | null)[] | undefined;
  /** The largest value of the scale; at least the largest of the values. */
  top?: number;
  tone?: 'a' | 'b';
}

/** A small line of the range, from 0 up. The number stands beside it, so it is drawn for the eye only. */
export function Sparkline({ values, top = 0, tone = 'a' }: Properties) {
  if (!values || values.length < 2) return <svg class="spark" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  let max = top;
  for (const value of values) if (value !== null && value > max) max = value;
  const { line, area } = paths(values, max);
  return (
    <svg
      class={`spark ${tone}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="spark-area" d={area} />
      <path class="spark-line" d={line} fill="none" />
    </svg>
  );
}

/** The line and the area under it, broken at gaps. */
export function paths(values: readonly (number | null)[], max: number): { line: string; area: string } {
  const scale = max > 0 ? (HEIGHT - 2) / max : 0;
  const marked = withGaps(values);
  let line = '';
  let area = '';
  let open: number | null = null;
  let last = 0;
  const close = () => {
    if (open !== null) area += `L${round(last)} ${HEIGHT}L${round(open)} ${HEIGHT}Z`;
    open = null;
  };
  for (const [index, value] of marked.entries()) {
    if (value === undefined) continue;
    if (value === null) {
      close();
      continue;
    }
    const x = (index / (values.length - 1)) * WIDTH;
    const y = HEIGHT - 1 - value * scale;
    const step = `${open === null ? 'M' : 'L'}${round(x)} ${round(y)}`;
    line += step;
    area += step;
    open ??= x;
    last = x;
  }
  close();
  return { line, area };
}

function round(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
