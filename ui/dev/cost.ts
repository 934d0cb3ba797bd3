import { Refusal } from './answers.ts';
import type { Thing } from './thing.ts';

/** The answer about what is kept and what it would cost elsewhere, invented. For work on the page only. */

const DAY = 86_400;
const MONTH_HOURS = 730;
const GIB = 1024 ** 3;

interface Tier {
  up_to: number | null;
  usd: number;
  confirmed: boolean;
}

const one = (usd: number, confirmed = true): Tier[] => [{ up_to: null, usd, confirmed }];

const REGIONS: Readonly<Record<string, { name: string; prices: Record<string, Tier[]> }>> = {
  'ap-northeast-1': {
    name: 'Asia Pacific (Tokyo)',
    prices: {
      custom_metric: [
        { up_to: 10_000, usd: 0.3, confirmed: true },
        { up_to: 250_000, usd: 0.1, confirmed: false },
        { up_to: null, usd: 0.05, confirmed: false },
      ],
      observation: one(0.21, false),
      enhanced_performance_ingestion: one(0, false),
      log_ingestion: one(0.76),
      log_archive: one(0.033, false),
      insights_scan: one(0.0076, false),
      alarm: one(0.1),
      dashboard: one(3, false),
    },
  },
  'us-east-1': {
    name: 'US East (N. Virginia)',
    prices: {
      custom_metric: [
        { up_to: 10_000, usd: 0.3, confirmed: true },
        { up_to: 250_000, usd: 0.1, confirmed: true },
        { up_to: null, usd: 0.05, confirmed: true },
      ],
      observation: one(0.21, false),
      enhanced_performance_ingestion: one(0, false),
      log_ingestion: one(0.5),
      log_archive: one(0.03),
      insights_scan: one(0.005),
      alarm: one(0.1),
      dashboard: one(3),
    },
  },
};

function line(
  prices: Record<string, Tier[]>,
  item: string,
  price: string,
  unit: string,
  quantity: number,
  assumption: string,
) {
  let from = 0;
  const parts = [];
  for (const tier of prices[price] ?? []) {
    const end = tier.up_to ?? Infinity;
    if (quantity > from || from === 0) {
      const held = Math.min(quantity, end) - from;
      parts.push({
        from,
        up_to: tier.up_to,
        quantity: held,
        unit_price_usd: tier.usd,
        usd_month: held * tier.usd,
        confirmed: tier.confirmed,
      });
    }
    from = end;
  }
  return {
    item,
    price,
    quantity,
    unit,
    unit_price_usd: parts.length === 1 ? (parts[0]?.unit_price_usd ?? null) : null,
    tiers: parts.length === 1 ? [] : parts,
    usd_month: parts.reduce((sum, part) => sum + part.usd_month, 0),
    assumption,
    confirmed: parts.every((part) => part.confirmed),
  };
}

const SCALED = 'Counted over 24 hours, scaled to a month of 730 hours.';

export function cost(things: readonly Thing[], params: URLSearchParams, now: number): unknown {
  const region = params.get('region') ?? 'us-east-1';
  const found = REGIONS[region];
  if (!found)
    throw new Refusal(
      400,
      'invalid_request',
      `there are no prices of the region "${region}"; the price table has ${Object.keys(REGIONS).join(', ')}`,
    );
  const of = (type: string) => things.filter((thing) => thing.type === type).length;
  const nodes = Math.max(1, of('node'));
  const pods = of('pod');
  const containers = of('container');
  // The large world has enough workloads for a second tier.
  const workloads = pods > 400 ? 3 * pods : pods;
  const metrics = 24 + 8 * nodes + 9 * workloads;
  const observations = ((40 * nodes + 27 * pods + 9 * containers) * 60 * MONTH_HOURS) / 1e6;
  const performance = ((4000 * nodes + 2687 * pods + 1531 * containers) * 60 * MONTH_HOURS) / GIB;
  const logs = 31.4 * nodes;
  const lineOf = line.bind(null, found.prices);
  const standard = params.get('mode') === 'standard';
  const lines = [
    standard
      ? lineOf(
          'Custom metrics',
          'custom_metric',
          'metric-month',
          metrics,
          `On average 1 cluster with 24, ${nodes} nodes with 8 and ${workloads} workloads with 9 metrics each. A metric is charged for the hours in which it has data. Counted in 24 hours, scaled to a month of 730 hours.`,
        )
      : lineOf(
          'Observations',
          'observation',
          'million observations',
          observations,
          `An observation is taken as one number of one entity a minute, which AWS does not confirm. CloudWatch's agent reads the control plane too, which is not counted here: on a small cluster it can be more than all the rest. ${SCALED} Only the first tier's price is known. Larger quantities cost less.`,
        ),
    lineOf(
      'Performance events',
      standard ? 'log_ingestion' : 'enhanced_performance_ingestion',
      'GB',
      performance,
      `The log that Container Insights writes: an event for each entity and minute, with the size of typical events; those of long names and many labels are up to 1.5 times as large. ${SCALED}${standard ? '' : ' Taken as part of the price of observations. Should AWS charge them as logs, an own price table can say so.'}`,
    ),
    lineOf('Application logs', 'log_ingestion', 'GB', logs, `Lines of containers. ${SCALED}`),
    lineOf('Host logs', 'log_ingestion', 'GB', logs / 40, `Lines of the nodes: kernel and system services. ${SCALED}`),
    lineOf(
      'Log archive',
      'log_archive',
      'GB-month',
      ((logs + performance) * 0.15 * 15) / 30.4,
      'What is kept once 15 days have gone by, at 0.15 of the bytes ingested, a ratio that AWS does not confirm. CloudWatch itself keeps logs for ever unless told otherwise.',
    ),
    lineOf(
      'Logs Insights searches',
      'insights_scan',
      'GB',
      0,
      'Nobody said how much is searched. A search reads all bytes of its time range in the log groups it is run on.',
    ),
    lineOf('Alarms', 'alarm', 'alarm metric-month', 0, 'None were given.'),
    lineOf(
      'Dashboards',
      'dashboard',
      'dashboard-month',
      0,
      'None were given. Those of Container Insights itself are free.',
    ),
  ];
  const table = (name: string, rows: number, each: number, growth: number | null, days: number | null) => ({
    table: name,
    rows: Math.round(rows),
    bytes_on_disk: Math.round(rows * each),
    bytes_in_memory: 900_000,
    files: 14,
    oldest: new Date((now - 5 * DAY) * 1000).toISOString(),
    newest: new Date(now * 1000).toISOString(),
    retention_seconds: days === null ? null : days * DAY,
    growth_bytes_per_day: growth,
  });
  const namespaces = [...new Set(things.map((thing) => thing.names.namespace ?? null))];
  const tables = [
    table('node', nodes * 43_200, 55, nodes * 475_000, 15),
    table('pod', pods * 43_200, 22, pods * 190_000, 15),
    table('container', containers * 43_200, 24, containers * 207_000, 15),
    table('log', nodes * 2.1e6, 31, nodes * 13e6, 7),
    table('event', 4100, 88, 72_000, null),
    table('volume', 900, 41, null, 15),
  ];
  return {
    time: new Date(now * 1000).toISOString(),
    window_hours: Math.min(Number(params.get('hours') ?? 24), 120),
    tables,
    namespaces: namespaces.map((namespace, index) => ({
      namespace,
      log_rows: Math.round(1.4e6 / (index + 1)),
      log_bytes_in: Math.round(2.9e8 / (index + 1)),
      log_bytes_on_disk: Math.round(2.7e7 / (index + 1.2)),
      log_growth_bytes_per_day: index === 2 ? null : Math.round(5.4e6 / (index + 1)),
      metric_rows: Math.round(7.7e6 / (index + 2)),
      retention_seconds: 7 * DAY,
    })),
    disk: {
      used_bytes: tables.reduce((sum, one) => sum + one.bytes_on_disk, 0) + 41e6,
      budget_bytes: 20 * GIB,
    },
    cloudwatch: {
      currency: 'USD',
      region,
      as_of: '2026-09-01',
      mode: standard ? 'standard' : 'enhanced',
      window_hours: 24,
      month_hours: MONTH_HOURS,
      lines,
      total_usd_month: lines.reduce((sum, it) => sum + it.usd_month, 0),
      free_tier_usd: 0,
      regions: Object.entries(REGIONS).map(([id, { name }]) => ({ id, name })),
    },
  };
}
