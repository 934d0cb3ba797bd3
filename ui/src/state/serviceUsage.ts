import { askSql, moment, rowNumber, rowText, whereOf } from '../api/sql';
import { trendKey } from '../tables/trends';
import { interval, now } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';
import type { Usage } from './usage';

/** What the pods behind a service use. */
export interface ServiceUsage extends Usage {
  pods: number;
  /** Pods that measurements count for another service, since they name one only. */
  elsewhere: number;
}

/** Use of the pods behind each service. A pod counts for every service that selects it. */
export function useServiceUsage(where: Readonly<Record<string, string>>): Resource<ReadonlyMap<string, ServiceUsage>> {
  const edition = now.value;
  const since = edition - Math.max(60, 4 * interval.value) * 1000;
  return useResource(JSON.stringify(['service usage', where]), edition, async (signal) => {
    const { rows } = await askSql(statement(where, since), signal);
    return new Map(
      rows.map((row) => [
        trendKey([rowText(row, 'cluster'), rowText(row, 'namespace'), rowText(row, 'service')]),
        {
          pods: rowNumber(row, 'pods') ?? 0,
          elsewhere: rowNumber(row, 'elsewhere') ?? 0,
          cpuCores: rowNumber(row, 'cpu'),
          memoryBytes: rowNumber(row, 'memory'),
          cpuRequestCores: rowNumber(row, 'cpu_request'),
          cpuLimitCores: rowNumber(row, 'cpu_limit'),
          memoryRequestBytes: rowNumber(row, 'memory_request'),
          memoryLimitBytes: rowNumber(row, 'memory_limit'),
        },
      ]),
    );
  });
}

const NAMED = ['service', 'services', 'deleted', 'cpu_request_cores', 'cpu_limit_cores'];

function statement(where: Readonly<Record<string, string>>, since: number): string {
  const columns = [...NAMED, 'memory_request_bytes', 'memory_limit_bytes']
    .map((name) => `last_value(${name} order by time) as ${name}`)
    .join(', ');
  return (
    `with named as (select pod_uid, ${columns} from identity where container is null and ${whereOf(where)} group by pod_uid), ` +
    `behind as (select p."cluster", p.namespace, i.service as first_service, unnest(map_keys(i.services)) as service, ` +
    `p.cpu_usage_usec * 1.0 / p.interval_usec as cpu, p.memory_working_set_bytes as memory, ` +
    `i.cpu_request_cores, i.cpu_limit_cores, i.memory_request_bytes, i.memory_limit_bytes ` +
    `from pod_now p join named i on p.pod_uid = i.pod_uid where i.deleted is not true and p.time >= ${moment(since)}) ` +
    `select "cluster", namespace, service, count(*) as pods, ` +
    `sum(case when first_service = service then 0 else 1 end) as elsewhere, sum(cpu) as cpu, sum(memory) as memory, ` +
    `sum(cpu_request_cores) as cpu_request, sum(cpu_limit_cores) as cpu_limit, ` +
    `sum(memory_request_bytes) as memory_request, sum(memory_limit_bytes) as memory_limit ` +
    `from behind group by 1, 2, 3`
  );
}
