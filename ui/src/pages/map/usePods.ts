import { useMemo } from 'preact/hooks';
import { PRESENT } from '../../api/entities';
import type { Problem } from '../../api/problem';
import { cellsOf } from '../../map/cell';
import type { Cell } from '../../map/cell';
import { useListing } from '../../state/inventory';
import { useObjects } from '../../state/objects';
import { useVerdicts } from '../../state/verdicts';

/** Only what the map colours by: of five thousand pods every column counts. */
const COLUMNS = [
  'interval_usec',
  'cpu_usage_usec',
  'cpu_quota_usec',
  'cpu_period_usec',
  'cpu_periods',
  'cpu_throttled_periods',
  'node_cpu_cores',
  'node_memory_total_bytes',
  'memory_working_set_bytes',
  'memory_limit_bytes',
];

/** Phases of pods that take part in nothing on a node, and are missed all the more. */
const WITHOUT_NODE = ['Pending', 'Failed', 'Unknown'];

export interface Pods {
  /** Null until the first answer. */
  cells: readonly Cell[] | null;
  /** Whether pods are judged. */
  judged: boolean;
  /** There are more than the page takes. */
  cut: boolean;
  problem: Problem | null;
  loading: boolean;
  retry: () => void;
}

/** Every pod of the scope as a cell: as its node sees it, else as the API tells of it, with its verdict. */
export function usePods(where: Readonly<Record<string, string>>): Pods {
  const pods = useListing('pod', { where, columns: COLUMNS, health: PRESENT });
  const others = useObjects(['Pod'], { ...where, phase: WITHOUT_NODE }, ['phase', 'node']);
  const verdicts = useVerdicts({ ...where, kinds: ['Pod'] });
  const judged = verdicts.data?.entities ?? null;
  const ready = pods.data !== null && (others.data !== null || others.problem !== null);
  const cells = useMemo(
    () =>
      ready
        ? cellsOf({ pods: pods.data?.entities ?? [], others: others.data?.entities ?? [], verdicts: judged })
        : null,
    [ready, pods.data, others.data, judged],
  );
  return {
    cells,
    judged: judged !== null,
    cut: pods.data?.cut === true,
    problem: pods.problem,
    loading: pods.loading,
    retry: pods.retry,
  };
}
