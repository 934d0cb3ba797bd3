import { ask } from './http';
import { Problem } from './problem';

/** How the server judges what it watches: a word, how bad it is, why, and what it saw. */

/** The kinds that are judged. */
export type VerdictKind = 'Cluster' | 'Node' | 'Namespace' | 'Workload' | 'Service' | 'Pod' | 'Container' | 'Volume';

export type Severity = 'critical' | 'warning' | 'ok' | 'unknown';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'unknown', 'ok'];

/** One thing that was seen and led to the verdict. */
export interface Evidence {
  label: string;
  value: string;
  /** RFC 3339; null where it holds now. */
  time: string | null;
}

/** A further finding, less bad than the one that gave the verdict its word. */
export interface Finding {
  word: string;
  severity: Severity;
  reason: string;
}

/** What is said of one entity. */
export interface Verdict {
  kind: VerdictKind;
  cluster: string;
  namespace: string | null;
  node: string | null;
  /** Of a workload its own, of a volume the claim's. */
  name: string;
  uid: string | null;
  workload_kind: string | null;
  workload: string | null;
  container: string | null;
  /** In kebab case: `crash-looping`. */
  word: string;
  severity: Severity;
  since: string | null;
  /** One sentence. */
  reason: string;
  evidence: readonly Evidence[];
  also: readonly Finding[];
}

/** How many of a kind there are of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

export interface VerdictAnswer {
  time: string;
  counts: Readonly<Partial<Record<VerdictKind, SeverityCounts>>>;
  entities: readonly Verdict[];
}

export interface VerdictFilter {
  cluster?: string | null;
  namespace?: string | null;
  node?: string | null;
  /** All when left out. */
  kinds?: readonly VerdictKind[];
  /** Also those that are well. */
  all?: boolean;
}

/** What is judged so far. `null` where the server does not judge: one without the watch, or an older one. */
export async function askVerdicts(filter: VerdictFilter, signal?: AbortSignal): Promise<VerdictAnswer | null> {
  const params = new URLSearchParams();
  for (const key of ['cluster', 'namespace', 'node'] as const) {
    const value = filter[key];
    if (value !== null && value !== undefined) params.set(key, value);
  }
  if (filter.kinds) params.set('kind', filter.kinds.join(','));
  if (filter.all === true) params.set('all', 'true');
  const text = params.toString();
  try {
    return (await ask(`/api/verdicts${text === '' ? '' : `?${text}`}`, { signal })) as VerdictAnswer;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 404) return null;
    throw thrown;
  }
}

/** `crash-looping` as people write it. */
export function verdictWords(word: string): string {
  return word.replaceAll('-', ' ');
}

/** Places the worst first; for sorting. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** The worst first; equal ones by namespace and name, so that they keep their places. */
export function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  return [...verdicts].sort(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      (a.namespace ?? '').localeCompare(b.namespace ?? '') ||
      a.name.localeCompare(b.name),
  );
}
