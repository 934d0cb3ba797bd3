import { map, number, text } from '../api/row';
import type { Entity } from '../api/row';
import { askSql, rowNumber, rowText, whereOf } from '../api/sql';
import { parseMoment } from '../format/time';
import { now } from './clock';
import { useObjects } from './objects';
import { useResource } from './resource';

/** A container of a pod, as the Kubernetes API tells of it: what it is to be, and how it is. */
export interface PodContainer {
  name: string;
  /** container, init, sidecar or ephemeral. */
  role: string | null;
  id: string | null;
  image: string | null;
  cpuRequestCores: number | null;
  cpuLimitCores: number | null;
  memoryRequestBytes: number | null;
  memoryLimitBytes: number | null;
  state: string | null;
  /** Why it waits or has ended. */
  reason: string | null;
  restarts: number | null;
  started: number | null;
  lastReason: string | null;
  lastExitCode: number | null;
  lastEnded: number | null;
}

const COLUMNS = [
  'container_id',
  'container_kind',
  'image',
  'cpu_request_cores',
  'cpu_limit_cores',
  'memory_request_bytes',
  'memory_limit_bytes',
];

/** The containers of a pod. `uid` null asks nothing. */
export function usePodContainers(uid: string | null): readonly PodContainer[] | null {
  const objects = useObjects(['Container'], uid === null ? null : { object_uid: uid });
  const named = useResource(
    uid === null ? null : JSON.stringify(['pod containers', uid]),
    Math.floor(now.value / 60_000),
    async (signal) => {
      const columns = COLUMNS.map((name) => `last_value(${name} order by time) as ${name}`).join(', ');
      const statement = `select container, ${columns} from identity where container is not null and ${whereOf({ pod_uid: uid })} group by container`;
      return (await askSql(statement, signal, 200)).rows;
    },
  );
  if (!objects.data || !named.data) return null;
  const states = new Map(objects.data.entities.map((it) => [text(it, 'container') ?? '', it]));
  const names = [...new Set([...named.data.map((row) => rowText(row, 'container') ?? ''), ...states.keys()])].sort();
  return names.map((name): PodContainer => {
    const row = named.data?.find((one) => rowText(one, 'container') === name) ?? {};
    const state = states.get(name);
    const moment = (column: string) => (state ? parseMoment(text(state, column) ?? '') : null);
    const said = (column: string) => (state ? text(state, column) : null);
    return {
      name,
      role: rowText(row, 'container_kind'),
      id: rowText(row, 'container_id'),
      image: rowText(row, 'image'),
      cpuRequestCores: rowNumber(row, 'cpu_request_cores'),
      cpuLimitCores: rowNumber(row, 'cpu_limit_cores'),
      memoryRequestBytes: rowNumber(row, 'memory_request_bytes'),
      memoryLimitBytes: rowNumber(row, 'memory_limit_bytes'),
      state: said('container_state'),
      reason: said('waiting_reason') ?? said('terminated_reason'),
      restarts: state ? number(state, 'restarts') : null,
      started: moment('started_time'),
      lastReason: said('last_terminated_reason'),
      lastExitCode: state ? number(state, 'last_exit_code') : null,
      lastEnded: moment('last_terminated_time'),
    };
  });
}

/** A step in the life of a pod. */
export interface Step {
  time: number;
  what: string;
  /** Whether it is a step that nobody wishes for. */
  bad?: boolean;
}

/** The life of a pod so far, in the order of time. Pure. */
export function stepsOf(pod: Entity, containers: readonly PodContainer[]): Step[] {
  const steps: Step[] = [];
  const add = (time: number | null, what: string, bad = false) => {
    if (time !== null) steps.push({ time, what, ...(bad ? { bad } : {}) });
  };
  const moment = (column: string) => parseMoment(text(pod, column) ?? '');
  add(moment('created_time'), 'Created');
  const node = text(pod, 'node');
  add(moment('scheduled_time'), node === null ? 'Given a node' : `Given the node ${node}`);
  add(moment('started_time'), 'Taken up by the kubelet');
  for (const one of containers) {
    const how = [one.lastReason, one.lastExitCode === null ? null : `exit ${one.lastExitCode}`]
      .filter((part) => part !== null)
      .join(', ');
    const again = (one.restarts ?? 0) > 0;
    add(one.lastEnded, `Container ${one.name} ended${how === '' ? '' : ` (${how})`}`, one.lastReason !== 'Completed');
    add(
      one.started,
      `Container ${one.name} started${again ? `, for the ${ordinal((one.restarts ?? 0) + 1)} time` : ''}`,
    );
  }
  if (map(pod, 'conditions').Ready === 'True') add(moment('ready_time'), 'Ready');
  add(moment('deleted_time'), 'To be deleted');
  return steps.sort((a, b) => a.time - b.time);
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ones = count % 10;
  if (tens >= 11 && tens <= 13) return `${count}th`;
  return `${count}${ones === 1 ? 'st' : ones === 2 ? 'nd' : ones === 3 ? 'rd' : 'th'}`;
}
