import type { Verdict, VerdictFilter } from '../api/verdicts';
import { trendKey } from '../tables/trends';
import { useVerdicts } from './verdicts';

/** Verdicts by the key that a table has for its rows. Empty where the server does not judge. */
export function useJudged(
  filter: VerdictFilter | null,
  key: (verdict: Verdict) => string,
): ReadonlyMap<string, Verdict> {
  const { data } = useVerdicts(filter && { ...filter, all: true });
  return new Map((data?.entities ?? []).map((verdict) => [key(verdict), verdict]));
}

export const verdictKeys = {
  workload: (it: Verdict) => trendKey([it.cluster, it.namespace, it.workload_kind, it.name]),
  namespace: (it: Verdict) => trendKey([it.cluster, it.name]),
  named: (it: Verdict) => trendKey([it.cluster, it.namespace, it.name]),
  node: (it: Verdict) => trendKey([it.cluster, it.name]),
  pod: (it: Verdict) => it.uid ?? trendKey([it.cluster, it.namespace, it.name]),
} as const;
