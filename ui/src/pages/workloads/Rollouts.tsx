import { askSql, rowNumber, rowText, whereOf } from '../../api/sql';
import { Icon } from '../../app/icons';
import { HAPPENING_ICONS } from '../../charts/happening';
import { format } from '../../format/number';
import { ago, dateTime, parseMoment } from '../../format/time';
import { now, span } from '../../state/clock';
import type { Happenings } from '../../state/happenings';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';
import { Section } from '../parts/Section';

/** A version of a workload, by what its pods were made from. */
interface Version {
  /** The replica set; of others the images alone tell versions apart. */
  owner: string | null;
  images: string;
  first: number | null;
  last: number | null;
  pods: number;
  present: number;
}

interface Properties {
  place: Readonly<Record<string, string>>;
  kind: string;
  name: string;
  happenings: Happenings;
}

/** Versions that a workload had as long as its pods are remembered, and what changed in the range. */
export function Rollouts({ place, kind, name, happenings }: Properties) {
  const subject = JSON.stringify(['versions', place, kind, name]);
  const { data, problem, retry } = useResource(subject, Math.floor(span.value.end / 60_000), async (signal) => {
    const { rows } = await askSql(versionsOf(place, kind, name), signal, 200);
    return rows.map((row): Version => {
      const moment = (column: string) => parseMoment(rowText(row, column) ?? '');
      return {
        owner: kind === 'Deployment' ? rowText(row, 'owner_name') : null,
        images: rowText(row, 'images') ?? '',
        first: moment('first'),
        last: moment('last'),
        pods: rowNumber(row, 'pods') ?? 0,
        present: rowNumber(row, 'present') ?? 0,
      };
    });
  });
  const { sort, onSort } = useSort(COLUMNS, { id: 'first', descending: true }, 'sort_versions');
  const changes = happenings.list.filter(({ kind: what }) => what === 'deploy' || what === 'scale');
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <Section id="versions" title="Versions" note="by what its pods were made from, as long as they are remembered">
        <DataTable
          caption="Versions"
          columns={COLUMNS}
          rows={data ?? []}
          rowKey={(it) => `${it.owner ?? ''} ${it.images}`}
          sort={sort}
          onSort={onSort}
          empty={
            data === null ? (
              <span class="loading-note">Loading…</span>
            ) : (
              'No pod of it was seen since the server began to watch the Kubernetes API.'
            )
          }
        />
      </Section>
      <Section id="changes" title="Changes in the range">
        {changes.length === 0 ? (
          <p class="muted">Neither its version nor its size changed. Choose a longer range to look further back.</p>
        ) : (
          <ol class="card timeline">
            {changes.map((one) => (
              <li key={`${one.time} ${one.label}`}>
                <time class="num" title={dateTime(one.time, zone.value)}>
                  {dateTime(one.time, zone.value).slice(11)}
                </time>
                <span class="after num">{ago(one.time, now.value)}</span>
                <span class="status">
                  <Icon name={HAPPENING_ICONS[one.kind]} />
                  {one.label}
                </span>
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  );
}

/** Pods grouped by their owner and the images of their containers. Pure. */
function versionsOf(place: Readonly<Record<string, string>>, kind: string, name: string): string {
  const own = whereOf({ ...place, workload_kind: kind, workload: name });
  return (
    `with last as (select pod_uid, container, last_value(owner_name order by time) as owner_name, ` +
    `last_value(image order by time) as image, min(created_time) as created, max(time) as seen, ` +
    `max(case when deleted then 1 else 0 end) as gone, last_value(container_kind order by time) as container_kind ` +
    `from identity where ${own} group by pod_uid, container), ` +
    `pods as (select pod_uid, max(owner_name) as owner_name, string_agg(distinct image, ', ') as images, ` +
    `min(created) as created, max(seen) as seen, max(gone) as gone from last ` +
    `where container is not null group by pod_uid) ` +
    `select ${kind === 'Deployment' ? 'owner_name' : 'cast(null as varchar) as owner_name'}, images, min(created) as first, max(seen) as last, ` +
    `count(*) as pods, sum(1 - gone) as present from pods group by 1, 2 order by first desc`
  );
}

const COLUMNS: readonly Column<Version>[] = [
  {
    id: 'images',
    header: 'Images',
    class: 'prose',
    value: (it) => it.images,
    cell: (it) => (
      <span class="cell-name">
        <code>{it.images}</code>
        {it.owner !== null && <small>{it.owner}</small>}
      </span>
    ),
  },
  {
    id: 'first',
    header: 'First pod',
    value: (it) => it.first,
    cell: (it) => <span class="num">{it.first === null ? '–' : dateTime(it.first, zone.value)}</span>,
    title: (it) => (it.first === null ? undefined : ago(it.first, now.value)),
  },
  {
    id: 'pods',
    header: 'Pods so far',
    end: true,
    value: (it) => it.pods,
    cell: (it) => format('count', it.pods),
  },
  {
    id: 'present',
    header: 'Present',
    help: 'Pods of this version that were not deleted',
    end: true,
    value: (it) => it.present,
    cell: (it) => format('count', it.present),
  },
];
