import type { CostQuestion, Estimate, Mode } from '../../api/cost';

/** What the page of costs asks, as its address says. Pure. */

export const MODES: readonly { id: Mode; label: string; title: string }[] = [
  {
    id: 'enhanced',
    label: 'Enhanced',
    title: 'Container Insights with enhanced observability: each pod and container, charged by observations',
  },
  {
    id: 'standard',
    label: 'Standard',
    title: 'Container Insights by workload, charged by custom metrics and the log of performance events',
  },
];

export const WINDOWS: readonly { hours: number; label: string }[] = [
  { hours: 1, label: 'the last hour' },
  { hours: 24, label: 'the last 24 hours' },
  { hours: 168, label: 'the last 7 days' },
];

const HOURS = 24;
const REGION = 'us-east-1';
const MODE: Mode = 'enhanced';
/** Of the prices that the server has of its own; shown until it says which it has. */
const BUILTIN: Estimate['regions'] = [
  { id: 'ap-northeast-1', name: 'Asia Pacific (Tokyo)' },
  { id: 'us-east-1', name: 'US East (N. Virginia)' },
];

export function questionOf(params: URLSearchParams): CostQuestion {
  const hours = Number(params.get('hours') ?? HOURS);
  return {
    hours: Number.isFinite(hours) && hours > 0 ? hours : HOURS,
    region: params.get('region') ?? REGION,
    mode: MODES.find((mode) => mode.id === params.get('mode'))?.id ?? MODE,
  };
}

/** The query keys of a question; what is usual stands in no address. */
export function addressOf(question: Partial<CostQuestion>): Record<string, string | null> {
  const keys: Record<string, string | null> = {};
  if (question.hours !== undefined) keys.hours = question.hours === HOURS ? null : String(question.hours);
  if (question.region !== undefined) keys.region = question.region === REGION ? null : question.region;
  if (question.mode !== undefined) keys.mode = question.mode === MODE ? null : question.mode;
  return keys;
}

/** Regions to choose from: those with prices, and the one that the address names, so that it shows. */
export function regionsToChoose(known: Estimate['regions'] | undefined, chosen: string): Estimate['regions'] {
  const regions = known ?? BUILTIN;
  return regions.some((region) => region.id === chosen) ? regions : [...regions, { id: chosen, name: 'no prices' }];
}

/** Windows to choose from, with the one of the address. */
export function windowsToChoose(chosen: number): readonly { hours: number; label: string }[] {
  return WINDOWS.some((one) => one.hours === chosen)
    ? WINDOWS
    : [...WINDOWS, { hours: chosen, label: `the last ${chosen} hours` }].sort((a, b) => a.hours - b.hours);
}
