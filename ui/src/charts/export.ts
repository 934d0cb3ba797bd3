import type { ChartModel } from './model';
import { address } from '../routes/location';
import { bodyOf } from '../api/metrics';
import type { MetricQuestion } from '../api/metrics';

/** What can be taken away from a chart. */

/** The values as CSV (RFC 4180): a column for each series, exact, absent left empty. */
export function csv(model: ChartModel): string {
  const lines = [['time', ...model.series.map((series) => `${series.label} (${model.unit})`)].map(quoted).join(',')];
  for (const [index, time] of model.times.entries()) {
    lines.push([new Date(time).toISOString(), ...model.series.map((series) => series.values[index] ?? '')].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The request behind a chart, for a shell. */
export function curl(question: MetricQuestion, origin: string): string {
  const body = JSON.stringify(bodyOf(question)).replaceAll("'", "'\\''");
  return `curl -sS '${origin}${address('/api/metrics')}' -H 'Content-Type: application/json' -d '${body}'`;
}

/** Hands the canvas of a chart to the browser as a PNG file. */
export function savePng(figure: HTMLElement, name: string): void {
  const canvas = figure.querySelector('canvas');
  if (!canvas) return;
  const flat = document.createElement('canvas');
  flat.width = canvas.width;
  flat.height = canvas.height;
  const ink = flat.getContext('2d');
  if (!ink) return;
  ink.fillStyle = getComputedStyle(figure).backgroundColor;
  ink.fillRect(0, 0, flat.width, flat.height);
  ink.drawImage(canvas, 0, 0);
  flat.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
