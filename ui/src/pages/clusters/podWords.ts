import { severityRank } from '../../api/verdicts';
import type { Severity, SeverityCounts, Verdict } from '../../api/verdicts';

/** Pods of one verdict, as bad as the worst of them. */
export interface PodWord {
  word: string;
  severity: Severity;
  count: number;
}

/** How many pods have which verdict, worst first, then the most. Those that are well count as one. Pure. */
export function podWords(unwell: readonly Verdict[], counts: Partial<SeverityCounts> | undefined): PodWord[] {
  const found = new Map<string, PodWord>();
  for (const { kind, word, severity } of unwell) {
    if (kind !== 'Pod' || severity === 'ok') continue;
    const held = found.get(word) ?? { word, severity, count: 0 };
    held.count += 1;
    if (severityRank(severity) < severityRank(held.severity)) held.severity = severity;
    found.set(word, held);
  }
  const well = counts?.ok ?? 0;
  return [
    ...[...found.values()].sort(
      (a, b) =>
        severityRank(a.severity) - severityRank(b.severity) || b.count - a.count || a.word.localeCompare(b.word),
    ),
    ...(well > 0 ? [{ word: 'well', severity: 'ok' as const, count: well }] : []),
  ];
}
