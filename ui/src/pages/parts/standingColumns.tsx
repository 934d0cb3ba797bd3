import type { Place } from '../../alarms/concern';
import { severityRank } from '../../api/verdicts';
import type { Verdict as Judged } from '../../api/verdicts';
import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import { dateTime, duration } from '../../format/time';
import { useConcerns } from '../../state/alarms';
import { now } from '../../state/clock';
import type { Counts } from '../../state/counts';
import type { Usage } from '../../state/usage';
import { zone } from '../../state/zone';
import { shareTitle, TrendCell } from '../../tables/cells';
import type { Column } from '../../tables/column';
import type { Trends } from '../../tables/trends';
import { FiringMark } from './FiringMark';
import { Verdict } from './VerdictMark';

/** Columns that tables of namespaces, workloads and services have in common. */

export const POD_TRENDS = ['cpu_usage_usec_per_second', 'memory_working_set_bytes'] as const;

/** What the server thinks of each row, and whether an alarm on it goes off. Left out while there is neither. */
export function verdictColumn<Row>(of: (row: Row) => Judged | null, place: (row: Row) => Place): Column<Row> {
  return {
    id: 'verdict',
    header: 'Health',
    help: 'What the server makes of it; why, on hover',
    optional: true,
    value: (row) => {
      const verdict = of(row);
      if (verdict === null) return useConcerns(place(row)).length > 0 ? 'alarm' : null;
      return `${severityRank(verdict.severity)} ${verdict.word}`;
    },
    cell: (row) => {
      const verdict = of(row);
      return (
        <span class="standing">
          {verdict === null ? <span class="muted">–</span> : <Verdict verdict={verdict} />}
          <FiringMark of={place(row)} />
        </span>
      );
    },
    title: (row) => of(row)?.reason,
  };
}

/** CPU and memory used, beside what was requested and what is allowed. */
export function usageColumns<Row>(
  of: (row: Row) => Usage | undefined,
  key: (row: Row) => string,
  trends: Trends,
): Column<Row>[] {
  const trend = (row: Row, metric: (typeof POD_TRENDS)[number]) => trends.get(key(row))?.[metric];
  return [
    {
      id: 'cpu',
      header: 'CPU',
      help: 'Cores that its pods use together',
      end: true,
      value: (row) => of(row)?.cpuCores ?? null,
      cell: (row) => <TrendCell unit="cores" value={of(row)?.cpuCores ?? null} trend={trend(row, POD_TRENDS[0])} />,
      title: (row) => shareTitle('cores', of(row)?.cpuCores ?? null, of(row)?.cpuLimitCores ?? null),
    },
    bounds('cpu', 'CPU', 'cores', (row) => [of(row)?.cpuRequestCores, of(row)?.cpuLimitCores]),
    {
      id: 'memory',
      header: 'Memory',
      help: 'Working set of its pods together: what eviction looks at',
      end: true,
      value: (row) => of(row)?.memoryBytes ?? null,
      cell: (row) => (
        <TrendCell unit="bytes" value={of(row)?.memoryBytes ?? null} trend={trend(row, POD_TRENDS[1])} tone="b" />
      ),
      title: (row) => shareTitle('bytes', of(row)?.memoryBytes ?? null, of(row)?.memoryLimitBytes ?? null),
    },
    bounds('memory', 'Memory', 'bytes', (row) => [of(row)?.memoryRequestBytes, of(row)?.memoryLimitBytes]),
  ];
}

/** What was requested and what is allowed, in one column; sorted by what was requested. */
function bounds<Row>(
  id: string,
  name: string,
  unit: Unit,
  of: (row: Row) => readonly [request: number | null | undefined, limit: number | null | undefined],
): Column<Row> {
  return {
    id: `${id}_request`,
    header: 'Req. / limit',
    help: `${name} that its running pods request, and the limits of those that have one. Sorted by requests`,
    end: true,
    optional: true,
    value: (row) => of(row)[0] ?? of(row)[1] ?? null,
    cell: (row) => {
      const [request, limit] = of(row);
      return <span class="muted">{`${format(unit, request)} / ${format(unit, limit)}`}</span>;
    },
    title: (row) => {
      const [request, limit] = of(row);
      const words = (value: number | null | undefined) => (typeof value === 'number' ? exact(unit, value) : 'none');
      return `requested: ${words(request)}; limit: ${words(limit)}`;
    },
  };
}

/** What went wrong within the page's range. Zero is drawn pale, so that the others are seen. */
export function countColumns<Row>(of: (row: Row) => Counts | null): Column<Row>[] {
  return [
    count('restarts', 'Restarts', 'Restarts of its containers in the range', (row) => of(row)?.restarts ?? null),
    count(
      'oom_kills',
      'OOM kills',
      'Processes that the out-of-memory killer ended in the range',
      (row) => of(row)?.oomKills ?? null,
    ),
    {
      ...count<Row>(
        'errors',
        'Errors',
        'Log lines of level error or fatal in the range; not counted over more than three hours',
        (row) => of(row)?.errors ?? null,
      ),
      optional: true,
    },
  ];
}

function count<Row>(id: string, header: string, help: string, of: (row: Row) => number | null): Column<Row> {
  return {
    id,
    header,
    help,
    end: true,
    value: of,
    cell: (row) => {
      const value = of(row);
      return <span class={value === 0 || value === null ? 'muted' : 'counted'}>{format('count', value)}</span>;
    },
    title: (row) => exact('count', of(row)),
  };
}

/** How long ago it was made. */
export function ageColumn<Row>(created: (row: Row) => number | null): Column<Row> {
  const age = (row: Row) => {
    const at = created(row);
    return at === null ? null : (now.value - at) / 1000;
  };
  return {
    id: 'age',
    header: 'Age',
    help: 'Since it was made',
    end: true,
    value: age,
    cell: (row) => duration(age(row) ?? Number.NaN),
    title: (row) => {
      const at = created(row);
      return at === null ? undefined : dateTime(at, zone.value);
    },
  };
}
