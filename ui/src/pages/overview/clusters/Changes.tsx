import { Icon } from '../../../app/icons';
import type { IconName } from '../../../app/icons';
import { ago, dateTime } from '../../../format/time';
import { namespaceLink, nodeLink, serviceLink, volumeLink, workloadLink } from '../../../routes/links';
import { now, span } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import { zone } from '../../../state/zone';
import { Fault } from '../../parts/Empty';
import { askChanges } from './changes';
import type { Change } from './changes';

const HOUR_MS = 3600_000;
const MOST = 12;

const WHAT: Readonly<Record<Change['what'], readonly [icon: IconName, word: string]>> = {
  deployed: ['play', 'deployed'],
  scaled: ['widen', 'scaled'],
  configured: ['copy', 'configured'],
  created: ['plus', 'created'],
  node: ['nodes', 'node'],
};

/** What changed in the last hour of the range, newest first. */
export function Changes({ where }: { where: Readonly<Record<string, string>> }) {
  const end = Math.floor(span.value.end / 60_000) * 60_000;
  const { data, problem, retry } = useResource(JSON.stringify(['changes', where]), end, (signal) =>
    askChanges(end - HOUR_MS, where, signal),
  );
  if (problem) return <Fault problem={problem} stale={data !== null} onRetry={retry} />;
  if (!data) return <p class="loading-note muted">Loading…</p>;
  if (data.length === 0)
    return <p class="muted">Nothing was deployed, scaled, created or set otherwise, and no node came or went.</p>;
  return (
    <>
      <ul class="said">
        {data.slice(0, MOST).map((it) => {
          const [icon, word] = WHAT[it.what];
          const href = linkOf(it);
          return (
            <li key={`${it.time} ${it.kind} ${it.namespace ?? ''} ${it.name} ${it.words}`}>
              <span class="status none">
                <Icon name={icon} />
                {word}
              </span>
              <span>
                {href === null ? <b>{it.name}</b> : <a href={href}>{it.name}</a>}{' '}
                <span class="muted">
                  {it.kind}
                  {it.namespace === null ? '' : ` in ${it.namespace}`}
                </span>
                {it.words !== word && <span class="said-why">{it.words}</span>}
              </span>
              <span class="muted num" title={dateTime(it.time, zone.value)}>
                {ago(it.time, now.value)}
              </span>
            </li>
          );
        })}
      </ul>
      {data.length > MOST && <p class="muted">and {data.length - MOST} more</p>}
    </>
  );
}

function linkOf(it: Change): string | null {
  const at = { cluster: it.cluster, namespace: it.namespace };
  switch (it.kind) {
    case 'Node':
      return nodeLink({ cluster: it.cluster, node: it.name });
    case 'Namespace':
      return namespaceLink({ cluster: it.cluster, namespace: it.name });
    case 'Service':
      return serviceLink(at, it.name);
    case 'PersistentVolumeClaim':
      return volumeLink(at, it.name);
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'CronJob':
      return workloadLink({ ...at, workload_kind: it.kind, workload: it.name });
    default:
      return null;
  }
}
