import type { SqlRow } from '../../../api/sql';
import { rowNumber, rowText } from '../../../api/sql';
import { map, number, text } from '../../../api/row';
import type { Entity } from '../../../api/row';
import type { Agent } from '../../../api/sources';
import { parseMoment } from '../../../format/time';
import * as measure from '../../../measures/node';
import type { Usage } from '../../../state/usage';

/** A cluster in figures. Absent stays absent. Pure. */

export interface Share {
  used: number | null;
  requested: number | null;
  allocatable: number | null;
}

export interface ClusterFigures {
  cluster: string | null;
  nodes: { total: number; ready: number; notReady: readonly string[] };
  cpu: Share;
  memory: Share;
  /** Null where the API is not watched. */
  pods: { total: number; ready: number; reasons: readonly (readonly [reason: string, count: number])[] } | null;
  /** Age of the newest row of the node whose newest row is oldest, in milliseconds. */
  oldest: { node: string; age: number } | null;
  lag: { node: string; seconds: number } | null;
}

interface Known {
  rows: readonly Entity[];
  objects: readonly Entity[];
  pods: readonly SqlRow[];
  usage: ReadonlyMap<string, Usage>;
  agents: readonly Agent[];
  now: number;
}

/** Figures for each cluster, in the order of their names. */
export function figuresOf(known: Known): ClusterFigures[] {
  const names = new Set([...known.rows, ...known.objects].map((it) => text(it, 'cluster')));
  return [...names].sort((a, b) => (a ?? '').localeCompare(b ?? '')).map((cluster) => figures(cluster, known));
}

function figures(cluster: string | null, { rows, objects, pods, usage, agents, now }: Known): ClusterFigures {
  const here = rows.filter((it) => text(it, 'cluster') === cluster);
  const told = objects.filter((it) => text(it, 'cluster') === cluster);
  const used = usage.get(cluster ?? '');
  const sum = (of: readonly Entity[], read: (it: Entity) => number | null) => total(of.map(read));
  return {
    cluster,
    nodes: nodesOf(here, told),
    cpu: {
      used: sum(here, measure.cpuUsed),
      requested: used?.cpuRequestCores ?? null,
      allocatable: sum(told, (it) => number(it, 'cpu_allocatable_cores')) ?? sum(here, measure.cpuCores),
    },
    memory: {
      used: sum(here, measure.memoryUsed),
      requested: used?.memoryRequestBytes ?? null,
      allocatable: sum(told, (it) => number(it, 'memory_allocatable_bytes')) ?? sum(here, measure.memoryTotal),
    },
    pods: podsOf(pods.filter((row) => rowText(row, 'cluster') === cluster)),
    oldest: oldestOf(here, now),
    lag: lagOf(agents.filter((agent) => (agent.cluster === '' ? null : agent.cluster) === cluster)),
  };
}

/** As the API tells of them; without it, those that send rows are ready. */
function nodesOf(rows: readonly Entity[], told: readonly Entity[]): ClusterFigures['nodes'] {
  if (told.length === 0) {
    const silent = rows.filter((it) => it.health.state !== 'live').map((it) => text(it, 'node') ?? '');
    return { total: rows.length, ready: rows.length - silent.length, notReady: silent };
  }
  const notReady = told
    .filter((it) => map(it, 'conditions').Ready !== 'True')
    .map((it) => text(it, 'object_name') ?? '');
  return { total: told.length, ready: told.length - notReady.length, notReady };
}

/** Pods that ought to run, and why some are not ready. Those that have done their work are none of them. */
function podsOf(rows: readonly SqlRow[]): ClusterFigures['pods'] {
  if (rows.length === 0) return null;
  const reasons = new Map<string, number>();
  let all = 0;
  let ready = 0;
  for (const row of rows) {
    const count = rowNumber(row, 'n') ?? 0;
    const phase = rowText(row, 'phase');
    if (phase === 'Succeeded') continue;
    all += count;
    if (row.ready === true) {
      ready += count;
      continue;
    }
    const reason = rowText(row, 'reason') ?? reasonOf(phase, row.placed === true);
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  return { total: all, ready, reasons: [...reasons].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])) };
}

function reasonOf(phase: string | null, placed: boolean): string {
  if (phase === 'Failed') return 'Failed';
  if (phase === 'Pending') return placed ? 'Starting' : 'Not scheduled';
  return 'NotReady';
}

function oldestOf(rows: readonly Entity[], now: number): ClusterFigures['oldest'] {
  let found: ClusterFigures['oldest'] = null;
  for (const it of rows) {
    const time = parseMoment(it.time);
    if (time !== null && (found === null || now - time > found.age))
      found = { node: text(it, 'node') ?? '', age: Math.max(0, now - time) };
  }
  return found;
}

function lagOf(agents: readonly Agent[]): ClusterFigures['lag'] {
  let found: ClusterFigures['lag'] = null;
  for (const { node, lag_seconds: seconds } of agents)
    if (found === null || seconds > found.seconds) found = { node, seconds };
  return found;
}

function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}
