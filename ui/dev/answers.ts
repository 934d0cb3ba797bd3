import type { NextRung, Rung } from '../src/api/sources.ts';
import type { Thing } from './thing.ts';

/** The answers of the native API, made from an invented world. For work on the page only. */

const INTERVAL = 10;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly position: object | null = null,
  ) {
    super(detail);
  }
}

function rowAt(thing: Thing, seconds: number): Record<string, number> {
  const tick = Math.floor(seconds / INTERVAL) * INTERVAL;
  const row: Record<string, number> = {};
  for (const [name, value] of Object.entries(thing.gauges(tick)))
    row[name] = name.startsWith('load') || name.endsWith('cores') ? Number(value.toFixed(2)) : Math.round(value);
  for (const [name, value] of Object.entries(thing.rates(tick))) row[name] = Math.round(value * INTERVAL);
  row.interval_usec = INTERVAL * 1e6;
  return row;
}

export function entities(things: readonly Thing[], type: string, params: URLSearchParams, now: number): unknown {
  const known = new Set(['search', 'health', 'columns', 'metrics', 'sort', 'limit', 'after']);
  const where = new Map(
    [...params.keys()].filter((name) => !known.has(name)).map((name) => [name, params.getAll(name)]),
  );
  const by = (params.get('sort') ?? '').replace(/^-/, '');
  const words = (params.get('search') ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const states = params.get('health')?.split(',');
  const columns = params.get('columns')?.split(',');
  const wanted = <T>(values: Record<string, T>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => columns?.includes(name) ?? true));
  const found = things.filter((thing) => {
    if (thing.type !== type) return false;
    if (states && !states.includes(thing.health ?? 'live')) return false;
    const texts = { ...thing.names, ...thing.attributes };
    return (
      [...where].every(([name, values]) => values.includes(String(texts[name]))) &&
      words.every((word) => Object.values(texts).some((text) => String(text).toLowerCase().includes(word)))
    );
  });
  const rank = (thing: Thing) => thing.rates(now)[by.replace(/_per_second$/, '')] ?? thing.gauges(now)[by] ?? 0;
  if (by !== '') found.sort((a, b) => rank(b) - rank(a));
  const limit = Number(params.get('limit') ?? 1000);
  const skip = Number(params.get('after') ?? 0);
  return {
    entities: found.slice(skip, skip + limit).map((thing) => ({
      id: Object.values(thing.names)
        .map((name) => (name ?? '').replaceAll('/', '%2F'))
        .join('/'),
      ...thing.names,
      ...(thing.known === undefined ? {} : { known_as: thing.known }),
      time: new Date(Math.floor(now / INTERVAL) * INTERVAL * 1000).toISOString(),
      attributes: wanted(thing.attributes),
      latest: wanted(rowAt(thing, now)),
      health:
        thing.health === 'stale'
          ? { state: 'stale', reason: 'no row for 74 s; one is due every 10 s' }
          : { state: thing.health ?? 'live', reason: null },
    })),
    total: found.length,
    next: skip + limit < found.length ? String(skip + limit) : null,
  };
}

interface Question {
  entity: string;
  metrics: { metric: string; statistic: string }[];
  filters: Record<string, string[]>;
  group_by: string[];
  start: string;
  end: string;
  period_seconds?: number;
  limit?: number;
}

const PERIODS = [10, 30, 60, 300, 900, 3600, 10800, 21600, 86400];

export function metrics(things: readonly Thing[], question: Question, now: number): unknown {
  const start = Date.parse(question.start) / 1000;
  const end = Date.parse(question.end) / 1000;
  if (!(end > start)) throw new Refusal(400, 'invalid_request', 'the range is empty: end must be later than start');
  const period = question.period_seconds ?? PERIODS.find((one) => (end - start) / one <= 300) ?? 86400;
  const times: number[] = [];
  for (let at = Math.floor(start / period) * period; at < end; at += period) times.push(at);
  const of = things.filter(
    (thing) =>
      thing.type === question.entity &&
      Object.entries(question.filters).every(([name, values]) =>
        values.includes(String({ ...thing.names, ...thing.attributes }[name])),
      ),
  );
  const groups = new Map<string, { labels: Record<string, string | null>; things: Thing[] }>();
  for (const thing of of) {
    const texts = { ...thing.names, ...thing.attributes } as Record<string, string | null>;
    const labels = Object.fromEntries(question.group_by.map((name) => [name, texts[name] ?? null]));
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { labels, things: [] };
    group.things.push(thing);
    groups.set(key, group);
  }
  const made = [...groups.values()].map((group) => ({
    mean: 0,
    series: question.metrics.map(({ metric, statistic }) => ({
      metric,
      statistic,
      unit: '',
      labels: group.labels,
      values: times.map((at) => point(group.things, metric, statistic, at, period, now)),
    })),
  }));
  for (const one of made)
    one.mean = (one.series[0]?.values ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const kept = question.limit === undefined ? made : [...made].sort((a, b) => b.mean - a.mean).slice(0, question.limit);
  return {
    start: start * 1000,
    end: end * 1000,
    period_seconds: period,
    times: times.map((at) => at * 1000),
    series: kept.flatMap((one) => one.series),
    stats: { tier: 'raw', rows: of.length * times.length, elapsed_ms: 1 },
  };
}

/** A handful of samples stands for a period; precise enough to look at. */
function point(
  things: readonly Thing[],
  metric: string,
  statistic: string,
  at: number,
  period: number,
  now: number,
): number | null {
  const column = metric.replace(/_per_second$/, '');
  const delta = metric.endsWith('_per_second');
  const values: number[] = [];
  for (const thing of things) {
    if (at > now || at < now - 26 * 3600) continue;
    if (thing.gap && at > now - thing.gap[0] && at < now - thing.gap[1]) continue;
    const when = at + period / 2;
    const value = delta
      ? thing.rates(when)[column]
      : (thing.gauges(when)[column] ?? rate(thing, column, when, period, statistic));
    if (value !== undefined) values.push(value);
  }
  if (values.length === 0) return null;
  if (statistic === 'Total' || statistic === 'Sum') return values.reduce((a, b) => a + b, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** A delta column asked for as it is: the increase of the whole period. */
function rate(thing: Thing, column: string, when: number, period: number, statistic: string): number | undefined {
  const perSecond = thing.rates(when)[column];
  return perSecond === undefined ? undefined : Math.round(perSecond * (statistic === 'Sum' ? period : INTERVAL));
}

/** The first node has less than the others. */
function rung({ names: { node, cluster } }: Thing, least: boolean): Rung {
  const has = ['CPU, memory and I/O of pods and containers', 'disks, file systems and network of the node'];
  const kubelet: NextRung = {
    rung: 'kubelet',
    adds: ['space and inodes of volumes'],
    needs: "the agent's service account may get nodes/stats",
    how: 'kubectl apply -f https://example.test/kansoku/kubelet.yaml',
  };
  const minimal = {
    in_force: 'minimal',
    title: 'Reads the control groups and /proc of its node, without root.',
    has,
    next: {
      rung: 'default',
      adds: ['log lines of containers'],
      needs: 'the agent may read /var/log/pods of its node',
      how: 'kubectl apply -f https://example.test/kansoku/default.yaml',
    },
  };
  const usual = {
    in_force: 'default',
    title: 'Reads the control groups, /proc and the log files of its node.',
    has: [...has, 'log lines of containers'],
    next: kubelet,
  };
  return { cluster: cluster ?? '', node: node ?? null, ...(least ? minimal : usual) };
}

export function sources(things: readonly Thing[], now: number): unknown {
  const nodes = things.filter((thing) => thing.type === 'node');
  const files: [string, string, string, string | null][] = [
    ['/proc/stat', 'CPU time by mode, context switches, interrupts, boot time', 'ok', null],
    ['/proc/meminfo', 'memory of the node', 'ok', null],
    ['/proc/diskstats', 'disks', 'ok', null],
    ['/proc/pressure/memory', 'memory pressure', 'absent', 'No such file or directory'],
    ['/sys/fs/cgroup/memory/**/memory.stat', 'memory of containers and units', 'ok', null],
    ['/sys/fs/cgroup/cpu/**/cpu.stat', 'CPU throttling of containers and units', 'ok', null],
    ['/proc/1/net/dev', 'network interfaces', 'ok', null],
    [
      '/var/log/pods',
      'names of pods and containers',
      nodes.length > 1 ? 'ok' : 'absent',
      nodes.length > 1 ? null : 'No such file or directory',
    ],
    ['/proc/1/mountinfo', 'file systems', 'ok', null],
    ['/sys/class/dmi/id/board_asset_tag', 'node.instance_id', 'unreadable', 'Permission denied'],
  ];
  const id = (index: number) => `0192f5c4-7b1a-7c3e-9d2f-00000000000${index}`;
  return {
    rungs: nodes.map((node, index) => rung(node, index === 0)),
    agents: nodes.map((node, index) => ({
      agent: id(index),
      node: node.names.node,
      cluster: node.names.cluster,
      version: '0.1.0',
      uid: 65534,
      gid: 0,
      groups: [],
      capabilities: [],
      started: new Date((now - 90_000) * 1000).toISOString(),
      last_seen: new Date((now - 3) * 1000).toISOString(),
      interval_seconds: 10,
      wanted_interval_seconds: 10,
      lag_seconds: 1.4,
      cgroup_version: nodes.length > 1 ? 'v2' : 'hybrid',
      spool: {
        bytes: 48_213,
        frames: 3,
        rows: 52,
        disk_bytes: 1_048_576,
        memory_bytes: 0,
        dropped_frames: 0,
        dropped_rows: 0,
        refused_frames: 0,
        write_failures: 0,
      },
      ship: { frames: 64_000, rows: 1_900_000, again: 2, failures_in_a_row: 0, last_failure: null },
      own: { cpu_seconds: 41.2, resident_bytes: 15_728_640, tick_cpu_seconds: 0.0041, ticks: 9000, missed_ticks: 0 },
      features: [
        { name: 'cgroups', present: true, meaning: 'without them there are no pods, containers and units' },
        {
          name: 'pressure (PSI)',
          present: nodes.length > 1,
          meaning: 'without it waits for CPU, memory and I/O are dark; boot the kernel with psi=1 (CONFIG_PSI)',
        },
      ],
    })),
    sources: nodes.flatMap((node, index) =>
      files.map(([path, feeds, state, reason]) => ({
        agent: id(index),
        node: node.names.node,
        path,
        example: path.includes('**') ? null : path,
        feeds,
        state,
        reason,
        mode: state === 'absent' ? null : state === 'unreadable' ? '0400' : '0444',
        owner: state === 'absent' ? null : '0:0',
        missing_right:
          state === 'unreadable'
            ? 'only root may read it: run the agent as root, or leave it, as the machine id is taken instead'
            : null,
        reads: state === 'ok' ? 8640 : 0,
        bytes: state === 'ok' ? 31_000_000 : 0,
        errors: state === 'unreadable' ? 1 : 0,
        last_read: state === 'ok' ? new Date((now - 4) * 1000).toISOString() : null,
        last_error: reason,
      })),
    ),
  };
}

export function status(now: number): unknown {
  const table = (name: string, rows: number) => ({
    name,
    rows,
    bytes: rows * 21,
    files: 4,
    hot_rows: 3600,
    hot_bytes: 900_000,
    oldest_usec: (now - 90_000) * 1e6,
    newest_usec: now * 1e6,
  });
  return {
    version: '0.1.0',
    cluster: null,
    started: new Date((now - 90_000) * 1000).toISOString(),
    uptime_seconds: 90_000,
    agents: 1,
    own: {
      cpu_seconds: 812.4,
      resident_bytes: 187_000_000,
      virtual_bytes: 2e9,
      threads: 14,
      open_files: 61,
      open_files_limit: 1024,
      started_at_seconds: now - 90_000,
    },
    tables_url: 'file:///var/lib/kansoku/tables',
    tables: [
      table('node', 9000),
      table('node_1m', 1500),
      table('container', 135_000),
      table('container_1m', 22_500),
      table('node_disk', 9000),
    ],
    wal: { folder: '/var/lib/kansoku/wal', segments: 2, bytes: 4_300_000, last_position: 91_822, poisoned: false },
    slow_queries: [
      {
        language: 'sql',
        text: "select pod_uid, count(*) from log where level = 'error' group by 1",
        took_ms: 812,
        rows: 10,
        at: new Date((now - 400) * 1000).toISOString(),
      },
    ],
    last_flush_usec: (now - 312) * 1e6,
    flush_failures: 0,
    free_bytes: 81e9,
  };
}
