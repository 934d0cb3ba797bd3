import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import { ago, dateTime, duration } from '../../format/time';
import { Icon } from '../../app/icons';
import { containerLink, logsLink, minuteOf, podLink, workloadLink } from '../../routes/links';
import { query, setQuery } from '../../routes/location';
import { interval, now } from '../../state/clock';
import { useExits } from '../../state/exits';
import type { Receipt } from '../../state/exits';
import { zone } from '../../state/zone';
import type { Column } from '../../tables/column';
import { Listed } from '../parts/Listed';

interface Properties {
  /** Exact values of columns; null while they are not known. */
  where: Readonly<Record<string, string>> | null;
  /** Whether rows are of several pods. */
  several: boolean;
}

const SHOWN = [
  ['containers', 'containers', 'Containers that ended'],
  ['pods', 'pods', 'Pods that are gone'],
  ['brief', 'shorter than an interval', 'Those that lived so briefly that charts hardly show them'],
] as const;

/** Exit receipts: what containers and pods that have ended used in all, and why they ended. */
export function ExitTable({ where, several }: Properties) {
  const { data, problem, retry } = useExits(where);
  const chosen = query.value.get('of') ?? 'containers';
  const fitting = (which: string) =>
    data?.receipts.filter((it) =>
      which === 'brief'
        ? (it.lifetimeUsec ?? Number.POSITIVE_INFINITY) < interval.value * 1e6
        : it.what === (which === 'pods' ? 'pod' : 'container'),
    ) ?? null;
  return (
    <>
      <Listed
        noun="exits"
        columns={columns(several)}
        rows={fitting(chosen)}
        rowKey={(it) => it.key}
        fields={(it) => ({
          texts: {
            name: it.container,
            pod: it.pod,
            namespace: it.namespace,
            workload: it.workload,
            node: it.node,
            reason: it.reason,
          },
          numbers: {
            code: it.exitCode,
            lived: it.lifetimeUsec === null ? null : it.lifetimeUsec / 1e6,
            memory: it.memoryPeakBytes,
          },
        })}
        hint="Filter: words, reason:oom, code>0, lived<10 …"
        sort={{ id: 'ended', descending: true }}
        problem={problem}
        onRetry={retry}
        beside={
          <div class="chips" role="group" aria-label="Which">
            {SHOWN.map(([id, label, title]) => (
              <button
                key={id}
                type="button"
                title={title}
                aria-pressed={chosen === id}
                onClick={() => setQuery({ of: id === 'containers' ? null : id }, { replace: true })}
              >
                {label} <span class="muted num">{fitting(id)?.length ?? ''}</span>
              </button>
            ))}
          </div>
        }
        empty="Nothing of this sort ended in this range. Choose a longer one."
      />
      {data?.more === true && (
        <p class="muted">There are older ones in this range: choose a shorter one to see them.</p>
      )}
    </>
  );
}

const placeOf = (it: Receipt) => ({ cluster: it.cluster, node: it.node, namespace: it.namespace });

function columns(several: boolean): Column<Receipt>[] {
  return [
    {
      id: 'ended',
      header: 'Ended',
      value: (it) => it.ended,
      cell: (it) => <span class="num">{it.ended === null ? '–' : dateTime(it.ended, zone.value)}</span>,
      title: (it) => (it.ended === null ? undefined : ago(it.ended, now.value)),
    },
    {
      id: 'name',
      header: 'What',
      value: (it) => `${it.pod ?? ''} ${it.container ?? ''}`,
      cell: (it) => (
        <span class="cell-name">
          {it.what === 'pod' ? (
            <a href={podLink({ ...placeOf(it), pod_uid: it.podUid })}>{it.pod ?? it.podUid}</a>
          ) : (
            <a href={containerLink({ ...placeOf(it), container_id: it.containerId })}>
              {it.container ?? (it.podUid === null ? it.containerId?.slice(0, 12) : 'name never known')}
            </a>
          )}
          <small>
            {it.what === 'pod'
              ? (it.namespace ?? 'pod')
              : several
                ? [it.namespace, it.pod].filter((part) => part !== null).join(' / ')
                : 'container'}
          </small>
        </span>
      ),
    },
    ...(several
      ? [
          {
            id: 'workload',
            header: 'Workload',
            optional: true,
            value: (it: Receipt) => it.workload,
            cell: (it: Receipt) =>
              it.workload === null ? (
                '–'
              ) : (
                <a
                  href={workloadLink({ ...placeOf(it), workload_kind: it.workloadKind, workload: it.workload })}
                  title={it.workloadKind ?? ''}
                >
                  {it.workload}
                </a>
              ),
          },
        ]
      : []),
    {
      id: 'reason',
      header: 'Reason',
      help: 'As the Kubernetes API tells; absent where it was deleted before that was known',
      value: (it) => it.reason,
      cell: (it) =>
        it.reason === null ? (
          <span class="muted">–</span>
        ) : it.reason === 'Completed' ? (
          it.reason
        ) : (
          <span class={`status ${it.reason === 'OOMKilled' ? 'bad' : 'warn'}`}>
            <Icon name={it.reason === 'OOMKilled' ? 'bad' : 'warn'} />
            {it.reason}
          </span>
        ),
    },
    {
      id: 'code',
      header: 'Exit code',
      end: true,
      optional: true,
      value: (it) => it.exitCode,
      cell: (it) => (it.exitCode === null ? <span class="muted">–</span> : String(it.exitCode)),
      title: (it) => (it.exitCode !== null && it.exitCode > 128 ? `signal ${it.exitCode - 128}` : undefined),
    },
    {
      id: 'lived',
      header: 'Lived',
      help: 'From its start to its end',
      end: true,
      value: (it) => it.lifetimeUsec,
      cell: (it) => duration((it.lifetimeUsec ?? Number.NaN) / 1e6),
      title: (it) => exact('seconds', it.lifetimeUsec === null ? null : it.lifetimeUsec / 1e6),
    },
    {
      id: 'cpu',
      header: 'CPU time',
      help: 'Processor time that it used in all',
      end: true,
      value: (it) => it.cpuUsec,
      cell: (it) => format('seconds', it.cpuUsec === null ? null : it.cpuUsec / 1e6),
      title: (it) => exact('seconds', it.cpuUsec === null ? null : it.cpuUsec / 1e6),
    },
    {
      id: 'throttled',
      header: 'Held back',
      help: 'Time for which its quota held it back, added over processors',
      end: true,
      optional: true,
      value: (it) => it.throttledUsec,
      cell: (it) => format('seconds', it.throttledUsec === null ? null : it.throttledUsec / 1e6),
    },
    amount('peak', 'Peak memory', 'Highest usage of its life, cache included', 'bytes', (it) => it.memoryPeakBytes),
    amount('oom', 'OOM kills', 'Processes that the out-of-memory killer ended', 'count', (it) => it.oomKills),
    amount('read', 'Read', 'From block devices', 'bytes', (it) => it.readBytes),
    amount('written', 'Written', 'To block devices', 'bytes', (it) => it.writtenBytes),
    {
      id: 'lines',
      header: 'Last lines',
      value: () => null,
      cell: (it) =>
        it.ended === null ? (
          '–'
        ) : (
          <a
            href={logsLink(
              {
                cluster: it.cluster,
                namespace: it.namespace,
                pod: it.pod,
                pod_uid: it.podUid,
                container: it.container,
                container_id: it.containerId,
              },
              minuteOf(it.ended, 1),
            )}
          >
            in the log
          </a>
        ),
    },
  ];
}

function amount(
  id: string,
  header: string,
  help: string,
  unit: Unit,
  of: (it: Receipt) => number | null,
): Column<Receipt> {
  return {
    id,
    header,
    help,
    end: true,
    optional: true,
    value: of,
    cell: (it) => format(unit, of(it)),
    title: (it) => exact(unit, of(it)),
  };
}
