import { severityRank, worstFirst } from '../../../api/verdicts';
import type { Verdict } from '../../../api/verdicts';

/** Parents are unwell because of their children, and a pod because of its containers: the others say more. */
const SAID_ELSEWHERE: readonly Verdict['kind'][] = ['Cluster', 'Namespace', 'Container'];

/** What is unwell, worst first, each trouble once: a workload and its pods are not both listed for the same. Pure. */
export function toShow(verdicts: readonly Verdict[]): Verdict[] {
  const unwell = verdicts.filter((it) => it.severity !== 'ok' && !SAID_ELSEWHERE.includes(it.kind));
  return worstFirst(unwell.filter((it) => !unwell.some((other) => saysMore(other, it))));
}

/** Whether another verdict makes this one superfluous. */
function saysMore(other: Verdict, it: Verdict): boolean {
  const [workload, pod] = it.kind === 'Workload' ? [it, other] : [other, it];
  if (workload.kind !== 'Workload' || pod.kind !== 'Pod' || !belongs(pod, workload)) return false;
  const worse = severityRank(pod.severity) - severityRank(workload.severity);
  // The workload's verdict is only that of its pods: these say which.
  if (it === workload) return worse <= 0 && (workload.word === 'degraded' || workload.word === pod.word);
  return worse > 0 && workload.word === pod.word;
}

function belongs(pod: Verdict, workload: Verdict): boolean {
  return (
    pod.cluster === workload.cluster &&
    pod.namespace === workload.namespace &&
    pod.workload === workload.name &&
    pod.workload_kind === workload.workload_kind
  );
}
