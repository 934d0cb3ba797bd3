import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import { ago, dateTime } from '../../format/time';
import { podLink, serviceLink, volumeLink, workloadLink, nodeLink } from '../../routes/links';
import { now } from '../../state/clock';
import { useEvents } from '../../state/events';
import type { EventScope, KubeEvent } from '../../state/events';
import { zone } from '../../state/zone';
import type { Column } from '../../tables/column';
import { Listed } from './Listed';

/** Events of the Kubernetes API in the page's range, newest first. `scope` null while it is not known. */
export function EventTable({ scope }: { scope: EventScope | null }) {
  const { data, problem, retry } = useEvents(scope);
  const cluster = scope?.cluster ?? null;
  return (
    <>
      <Listed
        noun="events"
        columns={columns(cluster)}
        rows={data?.events ?? null}
        rowKey={(it) => it.key}
        fields={(it) => ({
          texts: {
            reason: it.reason,
            type: it.type,
            kind: it.kind,
            name: it.name,
            namespace: it.namespace,
            message: it.message,
          },
          numbers: { count: it.count },
        })}
        hint="Filter: words, type:warning, reason:backoff, count>10 …"
        sort={{ id: 'time', descending: true }}
        problem={problem}
        onRetry={retry}
        empty="The Kubernetes API reported nothing about it in this range. Events are kept as long as logs: choose a longer range."
      />
      {data?.more === true && (
        <p class="muted">There are older ones in this range: choose a shorter one to see them.</p>
      )}
    </>
  );
}

function columns(cluster: string | null): Column<KubeEvent>[] {
  return [
    {
      id: 'time',
      header: 'Time',
      help: 'When it happened last',
      value: (it) => it.time,
      cell: (it) => <span class="num">{it.time === null ? '–' : dateTime(it.time, zone.value)}</span>,
      title: (it) =>
        [
          it.time === null ? null : ago(it.time, now.value),
          it.first === null ? null : `first ${dateTime(it.first, zone.value)}`,
        ]
          .filter((part) => part !== null)
          .join('; '),
    },
    {
      id: 'reason',
      header: 'Reason',
      value: (it) => it.reason,
      cell: (it) =>
        it.type === 'Warning' ? (
          <span class="status warn">
            <Icon name="warn" />
            {it.reason}
          </span>
        ) : (
          it.reason
        ),
      title: (it) => `${it.type}${it.reporter === null ? '' : ` from ${it.reporter}`}`,
    },
    {
      id: 'object',
      header: 'Object',
      value: (it) => `${it.kind} ${it.name}`,
      cell: (it) => {
        const href = linkOf(it, cluster);
        return (
          <span class="cell-name">
            {href === null ? it.name : <a href={href}>{it.name}</a>}
            <small>{[it.kind, it.field].filter((part) => part !== null).join(' · ')}</small>
          </span>
        );
      },
      title: (it) => [it.namespace, it.name].filter((part) => part !== null).join(' / '),
    },
    { id: 'message', header: 'Message', class: 'prose', value: (it) => it.message, cell: (it) => it.message },
    {
      id: 'count',
      header: 'Count',
      help: 'How often it happened so far',
      end: true,
      value: (it) => it.count,
      cell: (it) => format('count', it.count),
      title: (it) => exact('count', it.count),
    },
  ];
}

/** The page of what an event is about; null where there is none. */
function linkOf(it: KubeEvent, cluster: string | null): string | null {
  const place = { cluster, namespace: it.namespace };
  switch (it.kind) {
    case 'Pod':
      return it.uid === null ? null : podLink({ ...place, pod_uid: it.uid });
    case 'Node':
      return nodeLink({ cluster, node: it.name });
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'CronJob':
    case 'Job':
      return workloadLink({ ...place, workload_kind: it.kind, workload: it.name });
    case 'Service':
      return serviceLink(place, it.name);
    case 'PersistentVolumeClaim':
      return volumeLink(place, it.name);
    default:
      return null;
  }
}
