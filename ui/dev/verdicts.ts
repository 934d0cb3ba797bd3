import type { Plugin } from 'vite';

/**
 * FOR WORK ON THE PAGE ONLY. Answers `/api/verdicts` from what a running server lists, by a few crude rules, while that
 * server does not judge yet (`KANSOKU_VERDICTS=made`).
 */

interface Row {
  cluster: string;
  namespace: string | null;
  object_kind: string;
  object_name: string;
  object_uid: string;
  container: string | null;
  attributes: Record<string, unknown>;
  latest: Record<string, number>;
  known_as?: { workload_kind?: string; workload?: string };
}

type Severity = 'critical' | 'warning' | 'ok' | 'unknown';

interface Made {
  kind: string;
  cluster: string;
  namespace: string | null;
  node: string | null;
  name: string;
  uid: string | null;
  workload_kind: string | null;
  workload: string | null;
  container: string | null;
  word: string;
  severity: Severity;
  since: string | null;
  reason: string;
  evidence: { label: string; value: string; time: string | null }[];
  also: { word: string; severity: Severity; reason: string }[];
}

const KINDS = [
  'Pod',
  'Container',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'Namespace',
  'Node',
  'PersistentVolumeClaim',
];
const ORDER: readonly Severity[] = ['ok', 'unknown', 'warning', 'critical'];

export function verdicts(server: string): Plugin {
  return {
    name: 'verdicts',
    configureServer: (vite) => {
      vite.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://page');
        if (url.pathname !== '/api/verdicts') {
          next();
          return;
        }
        made(server, url.searchParams).then(
          (body) => {
            response.writeHead(200, { 'Content-Type': 'application/json' });
            response.end(JSON.stringify(body));
          },
          (fault: unknown) => {
            response.writeHead(500);
            response.end(String(fault));
          },
        );
      });
    },
  };
}

async function made(server: string, params: URLSearchParams): Promise<unknown> {
  const query = new URLSearchParams({ limit: '2000', health: 'live,stale' });
  for (const kind of KINDS) query.append('object_kind', kind);
  const answer = (await (await fetch(`${server}/api/entities/object?${query.toString()}`)).json()) as {
    entities: Row[];
  };
  const all = judge(answer.entities);
  const kinds = params.get('kind')?.split(',');
  const entities = all.filter(
    (it) =>
      (kinds?.includes(it.kind) ?? true) &&
      (params.get('namespace') ?? it.namespace) === it.namespace &&
      (params.get('node') ?? it.node) === it.node &&
      (params.get('all') === 'true' || it.severity !== 'ok'),
  );
  const counts: Record<string, Record<Severity, number>> = {};
  for (const it of all) {
    const held = (counts[it.kind] ??= { critical: 0, warning: 0, ok: 0, unknown: 0 });
    held[it.severity] += 1;
  }
  return { time: new Date().toISOString(), counts, entities };
}

function judge(rows: readonly Row[]): Made[] {
  const found: Made[] = [];
  for (const row of rows) {
    const text = (name: string) => (typeof row.attributes[name] === 'string' ? row.attributes[name] : null);
    const base = {
      cluster: row.cluster,
      namespace: row.namespace,
      node: row.object_kind === 'Node' ? row.object_name : text('node'),
      name: row.object_name,
      uid: row.object_uid,
      workload_kind: row.known_as?.workload_kind ?? null,
      workload: row.known_as?.workload ?? null,
      container: row.container,
      since: text('last_terminated_time') ?? text('created_time'),
      also: [],
    };
    const say = (kind: string, word: string, severity: Severity, reason: string, evidence: Made['evidence'] = []) =>
      found.push({ ...base, kind, word, severity, reason, evidence });
    switch (row.object_kind) {
      case 'Container': {
        const waiting = text('waiting_reason');
        const exit = {
          label: 'last exit',
          value: `${row.latest.last_exit_code ?? '?'} (${text('last_terminated_reason') ?? '?'})`,
          time: text('last_terminated_time'),
        };
        if (waiting === 'CrashLoopBackOff')
          say(
            'Container',
            'crash-looping',
            'critical',
            `Container ${row.container ?? ''} ended ${row.latest.restarts ?? 0} times and waits before it is started again.`,
            [exit, { label: 'restarts', value: String(row.latest.restarts ?? 0), time: null }],
          );
        else if (waiting !== null && waiting !== 'ContainerCreating' && waiting !== 'PodInitializing')
          say('Container', 'image-pull-failing', 'critical', `Container ${row.container ?? ''} waits: ${waiting}.`, [
            { label: 'waiting for', value: waiting, time: null },
          ]);
        else say('Container', 'ok', 'ok', 'It runs.');
        break;
      }
      case 'Pod': {
        const conditions = (row.attributes.conditions ?? {}) as Record<string, string>;
        const phase = text('phase');
        if (phase === 'Pending') say('Pod', 'pending', 'warning', 'No node was found for it.');
        else if (phase === 'Running' && conditions.Ready !== 'True')
          say('Pod', 'not-ready', 'warning', 'Its readiness probe fails.');
        else say('Pod', 'ok', 'ok', 'It runs and is ready.');
        break;
      }
      case 'Service':
        if ((row.latest.endpoints_ready ?? 0) === 0)
          say('Service', 'no-endpoints', 'critical', 'No endpoint behind it is ready.');
        else say('Service', 'ok', 'ok', 'It has ready endpoints.');
        break;
      case 'Namespace':
      case 'Node':
        say(row.object_kind, 'ok', 'ok', 'Nothing is wrong with it.');
        break;
      case 'PersistentVolumeClaim':
        if (text('phase') === 'Bound') say('Volume', 'ok', 'ok', 'It is bound.');
        else say('Volume', 'unbound', 'warning', 'No volume fits the claim.');
        break;
      default: {
        const own = { workload_kind: row.object_kind, workload: row.object_name };
        const missing = (row.latest.replicas_desired ?? 0) - (row.latest.replicas_ready ?? 0);
        found.push({
          ...base,
          ...own,
          kind: 'Workload',
          word: missing > 0 ? 'degraded' : 'ok',
          severity: missing > 0 ? 'critical' : 'ok',
          reason: missing > 0 ? `${missing} of its replicas are not ready.` : 'All replicas are ready.',
          evidence:
            missing > 0
              ? [
                  {
                    label: 'ready',
                    value: `${row.latest.replicas_ready ?? 0} of ${row.latest.replicas_desired ?? 0}`,
                    time: null,
                  },
                ]
              : [],
        });
      }
    }
  }
  return raised(found);
}

/** A pod is as bad as its worst container. */
function raised(found: readonly Made[]): Made[] {
  return found.map((it) => {
    if (it.kind !== 'Pod') return it;
    const worst = found
      .filter((one) => one.kind === 'Container' && one.uid === it.uid)
      .sort((a, b) => ORDER.indexOf(b.severity) - ORDER.indexOf(a.severity))[0];
    if (!worst || ORDER.indexOf(worst.severity) <= ORDER.indexOf(it.severity)) return it;
    const { word, severity, reason, evidence } = worst;
    const also = it.severity === 'ok' ? [] : [{ word: it.word, severity: it.severity, reason: it.reason }];
    return { ...it, word, severity, reason, evidence, also };
  });
}
