import { askSql, column, rowNumber, rowText, whereOf } from '../api/sql';
import type { Requests } from '../map/size';
import { now } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';

/** Requests change with a pod's specification, so a minute's age is no harm. */
const EVERY_MS = 60_000;
/** As many pods as a listing holds. */
const MOST = 10_000;

/** What each pod has requested, by uid. Asked for only while it is wanted. */
export function useRequests(wanted: boolean, where: Readonly<Record<string, string>>): Resource<Requests> {
  const edition = Math.floor(now.value / EVERY_MS);
  return useResource(wanted ? JSON.stringify(['requests', where]) : null, edition, async (signal) => {
    const { rows } = await askSql(statement(where), signal, MOST);
    return new Map(
      rows.map((row) => [
        rowText(row, 'pod_uid') ?? '',
        { cpu: rowNumber(row, 'cpu'), memory: rowNumber(row, 'memory') },
      ]),
    );
  });
}

/** The newest row of each pod that is still there. */
function statement(where: Readonly<Record<string, string>>): string {
  const newest = (name: string) => `last_value(${column(name)} order by time)`;
  return (
    `select pod_uid, cpu, memory from (select pod_uid, ${newest('cpu_request_cores')} as cpu, ` +
    `${newest('memory_request_bytes')} as memory, ${newest('deleted')} as deleted ` +
    `from identity where container is null and ${whereOf(where)} group by pod_uid) where deleted is not true`
  );
}
