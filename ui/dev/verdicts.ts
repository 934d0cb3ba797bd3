import { chance } from './noise.ts';
import type { Thing } from './thing.ts';

/** Invented verdicts on the pods of an invented world. For work on the page only. */

const WORDS = [
  ['crash-looping', 'critical', 'It has ended 14 times in the last hour, the last time with exit code 1 (Error).'],
  ['oom-killed', 'critical', 'It was ended for want of memory 3 minutes ago: the limit of 256 MiB was met.'],
  ['throttled', 'warning', 'Its limit of 0.5 cores ran out in 38 % of the periods: it waited 2.1 s of each 10 s.'],
  ['near-limit', 'warning', '91 % of the memory limit is in use and cannot be reclaimed; full in about 40 min.'],
  ['silent', 'unknown', 'No row has come for 74 s; one is due every 10 s.'],
] as const;

export function verdicts(things: readonly Thing[], params: URLSearchParams, now: number): unknown {
  const pods = things.filter((thing) => thing.type === 'pod');
  const kinds = params.get('kind')?.split(',');
  const unwell = pods.flatMap((thing) => {
    const draw = chance(`${thing.names.pod_uid ?? ''} verdict`);
    if (draw > 0.03) return [];
    const [word, severity, reason] = WORDS[Math.floor(draw * 1000) % WORDS.length] ?? WORDS[0];
    const { cluster, namespace, node, pod, pod_uid: uid } = thing.names;
    return [
      {
        kind: 'Pod',
        cluster: cluster ?? '',
        namespace,
        node,
        name: pod,
        uid,
        workload_kind: thing.known?.workload_kind ?? null,
        workload: thing.known?.workload ?? null,
        container: null,
        word,
        severity,
        since: new Date((now - 700) * 1000).toISOString(),
        reason,
        evidence: [{ label: 'last exit', value: '1 (Error)', time: new Date((now - 40) * 1000).toISOString() }],
        also: [],
      },
    ];
  });
  const count = (severity: string) => unwell.filter((one) => one.severity === severity).length;
  return {
    time: new Date(now * 1000).toISOString(),
    counts: {
      Pod: {
        critical: count('critical'),
        warning: count('warning'),
        unknown: count('unknown'),
        ok: pods.length - unwell.length,
      },
      Cluster: { critical: unwell.length > 0 ? 1 : 0, warning: 0, unknown: 0, ok: unwell.length > 0 ? 0 : 1 },
    },
    entities: kinds === undefined || kinds.includes('Pod') ? unwell : [],
  };
}
