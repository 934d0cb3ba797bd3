import { text } from '../api/row';
import type { Entity } from '../api/row';
import type { Severity, Verdict } from '../api/verdicts';

/** What the map draws: a pod, with what is known of it. Pure. */
export interface Cell {
  /** Cluster and uid. */
  key: string;
  uid: string;
  name: string;
  cluster: string | null;
  namespace: string | null;
  node: string | null;
  /** Kind and name: `Deployment web`. */
  workload: string | null;
  /** Its newest row; null while no node runs it. */
  row: Entity | null;
  /** As the API tells it; null where a node's rows are all that is known. */
  phase: string | null;
  /** The worst that is said of it; null where nothing is judged. */
  verdict: Verdict | null;
  severity: Severity | null;
}

export function cellKey(cluster: string | null, uid: string): string {
  return `${cluster ?? ''}\t${uid}`;
}

interface Known {
  /** Pods as their nodes see them. */
  pods: readonly Entity[];
  /** Pods that no node need see: pending, failed (rows of the API). */
  others: readonly Entity[];
  /** Those that are not well. Null where nothing is judged. */
  verdicts: readonly Verdict[] | null;
}

/** A cell for each pod, in the order in which they are drawn: by namespace and name, whatever their values. */
export function cellsOf({ pods, others, verdicts }: Known): Cell[] {
  const judged = new Map<string, Verdict>();
  for (const verdict of verdicts ?? []) {
    if (verdict.kind === 'Pod' && verdict.uid !== null) judged.set(cellKey(verdict.cluster, verdict.uid), verdict);
  }
  const cells = new Map<string, Cell>();
  const add = (entity: Entity, uid: string, name: string, row: Entity | null) => {
    const cluster = text(entity, 'cluster');
    const key = cellKey(cluster, uid);
    const before = cells.get(key);
    if (before) {
      before.phase ??= text(entity, 'phase');
      return;
    }
    const verdict = judged.get(key) ?? null;
    cells.set(key, {
      key,
      uid,
      name,
      cluster,
      namespace: text(entity, 'namespace'),
      node: text(entity, 'node'),
      workload: workloadOf(entity),
      row,
      phase: text(entity, 'phase'),
      verdict,
      // Where pods are judged, those that are not named are well.
      severity: verdict?.severity ?? (verdicts === null ? null : 'ok'),
    });
  };
  for (const pod of pods) {
    const uid = text(pod, 'pod_uid');
    if (uid !== null) add(pod, uid, text(pod, 'pod') ?? `uid ${uid.slice(0, 13)}`, pod);
  }
  for (const other of others) {
    const uid = text(other, 'object_uid');
    if (uid !== null) add(other, uid, text(other, 'object_name') ?? uid, null);
  }
  return [...cells.values()].sort(byName);
}

function workloadOf(entity: Entity): string | null {
  const { workload_kind: kind, workload } = entity.known_as ?? {};
  return kind && workload ? `${kind} ${workload}` : null;
}

/** Plain comparison: of five thousand names it takes a tenth of what a collator takes. */
function byName(a: Cell, b: Cell): number {
  return order(a.namespace ?? '', b.namespace ?? '') || order(a.name, b.name) || order(a.key, b.key);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
