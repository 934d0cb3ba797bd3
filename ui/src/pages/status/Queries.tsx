import { askOwnFigures, routesOf, sampleSum } from '../../api/exposition';
import type { RouteFigures } from '../../api/exposition';
import type { SlowQuery, Status } from '../../api/status';
import { exact, format } from '../../format/number';
import { ago, dateTime, parseMoment } from '../../format/time';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Facts } from '../parts/Facts';
import { Section } from '../parts/Section';

const SLOW: readonly Column<SlowQuery>[] = [
  {
    id: 'text',
    header: 'Question',
    class: 'wrap',
    value: (it) => it.text,
    cell: (it) => (
      <>
        <code class="query-text">{it.text}</code>
        {typeof it.error === 'string' && <small class="status bad">{it.error}</small>}
      </>
    ),
    title: (it) => it.text,
  },
  { id: 'language', header: 'Language', value: (it) => it.language, cell: (it) => it.language },
  {
    id: 'took',
    header: 'Took',
    end: true,
    value: (it) => it.took_ms,
    cell: (it) => format('seconds', it.took_ms / 1000),
    title: (it) => exact('seconds', it.took_ms / 1000),
  },
  {
    id: 'rows',
    header: 'Rows',
    end: true,
    optional: true,
    value: (it) => it.rows ?? null,
    cell: (it) => format('count', it.rows),
  },
  {
    id: 'at',
    header: 'When',
    end: true,
    value: (it) => it.at,
    cell: (it) => {
      const at = parseMoment(it.at);
      return at === null ? '–' : ago(at, now.peek());
    },
    title: (it) => {
      const at = parseMoment(it.at);
      return at === null ? undefined : dateTime(at, zone.value);
    },
  },
];

const seconds = (value: number | null) => (value === Infinity ? 'more than 30\u00a0s' : format('seconds', value));

const ROUTES: readonly Column<RouteFigures>[] = [
  { id: 'route', header: 'Route', value: (it) => it.route, cell: (it) => <code>{it.route}</code> },
  {
    id: 'count',
    header: 'Answers',
    end: true,
    value: (it) => it.count,
    cell: (it) => format('count', it.count),
    title: (it) => exact('count', it.count),
  },
  {
    id: 'failed',
    header: 'Refused or failed',
    help: 'Answers with a status of 400 or above',
    end: true,
    value: (it) => it.failed,
    cell: (it) => format('count', it.failed),
  },
  { id: 'mean', header: 'Mean', end: true, value: (it) => it.meanSeconds, cell: (it) => seconds(it.meanSeconds) },
  {
    id: 'p95',
    header: '95 of 100 within',
    help: 'The upper end of the bucket that 95 of 100 answers lie in or below',
    end: true,
    value: (it) => it.p95Seconds,
    cell: (it) => seconds(it.p95Seconds),
  },
];

/** How the server answers: how many questions, how long they take, which took longest. */
export function Queries({ status }: { status: Status | null }) {
  const { data: samples } = useResource('own figures', now.value, askOwnFigures);
  const slow = useSort(SLOW, { id: 'took', descending: true });
  const routes = useSort(ROUTES, { id: 'count', descending: true }, 'routes');
  const count = (name: string) => (samples ? sampleSum(samples, name) : null);
  const figure = (name: string, metric: string, always: boolean) => {
    const value = count(metric);
    return { name, value: value === null || (!always && value === 0) ? null : format('count', value) };
  };
  return (
    <>
      <Facts
        facts={[
          figure('Questions since the start', 'kansoku_queries_total', true),
          figure('running now', 'kansoku_queries_running', true),
          figure('failed or refused', 'kansoku_queries_failed_total', true),
          figure('timed out', 'kansoku_queries_timed_out_total', true),
          figure('turned away as too many', 'kansoku_queries_overloaded_total', true),
        ]}
      />
      <Section id="slow" title="Slowest questions" note="since the server's start">
        <DataTable
          caption="Slowest questions"
          columns={SLOW}
          rows={status?.slow_queries ?? []}
          rowKey={(it) => `${it.at} ${it.language} ${it.text}`}
          sort={slow.sort}
          onSort={slow.onSort}
          most={20}
          empty={
            status === null ? (
              <span class="loading-note">Loading…</span>
            ) : status.slow_queries === undefined ? (
              'This server does not keep a list of slow questions.'
            ) : (
              'No question took long enough to be kept.'
            )
          }
        />
      </Section>
      <Section id="routes" title="Answers by route">
        <DataTable
          caption="Answers by route"
          columns={ROUTES}
          rows={samples ? routesOf(samples) : []}
          rowKey={(it) => it.route}
          sort={routes.sort}
          onSort={routes.onSort}
          most={30}
          empty={
            samples === null ? (
              <span class="loading-note">Loading…</span>
            ) : (
              'The figures of /metrics may not be read from here.'
            )
          }
        />
      </Section>
    </>
  );
}
