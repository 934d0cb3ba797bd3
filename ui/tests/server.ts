import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from './load';
import { makeLogs, waitForLogs } from './logs';
import { start } from './process';
import type { Running } from './process';

/** Rows of the node that charts need to draw a line. */
const ROWS = 4;
const DATA_MS = 120_000;

/**
 * Starts the server under test, or takes the one that runs at `KANSOKU_URL`, and waits for its first rows. Its address
 * is handed to the tests in `KANSOKU_UNDER_TEST`, a unit with a known load in `KANSOKU_TEST_LOAD`, known log files in
 * `KANSOKU_TEST_LOGS`; that of a server with the simulated cluster in `KANSOKU_TEST_DEMO`.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.KANSOKU_URL;
  if (given !== undefined && given !== '') {
    process.env.KANSOKU_UNDER_TEST = given.replace(/\/$/, '');
    process.env.KANSOKU_TEST_DEMO = process.env.KANSOKU_UNDER_TEST;
    await waitForRows(process.env.KANSOKU_UNDER_TEST);
    return () => Promise.resolve();
  }
  const busy = startLoad();
  if (busy) process.env.KANSOKU_TEST_LOAD = JSON.stringify(busy.load);
  const { logs, remove } = makeLogs();
  process.env.KANSOKU_TEST_LOGS = JSON.stringify(logs);
  const running: Running[] = [];
  const stop = async () => {
    await busy?.stop();
    for (const one of running) await one.stop();
    remove();
  };
  try {
    const server = await start('up', { KANSOKU_AGENT_HOST_VAR_LOG: logs.root });
    running.push(server);
    process.env.KANSOKU_UNDER_TEST = server.url;
    const demo = await start('up', {}, ['--demo']);
    running.push(demo);
    process.env.KANSOKU_TEST_DEMO = demo.url;
    await Promise.all([waitForRows(server.url), waitForLogs(server.url), waitForRows(demo.url)]);
  } catch (fault) {
    await stop();
    throw fault;
  }
  return stop;
}

/** Waits until the node has rows enough for a line in every chart. */
async function waitForRows(url: string): Promise<void> {
  const end = Date.now() + DATA_MS;
  let last = '';
  while (Date.now() < end) {
    try {
      const response = await fetch(`${url}/api/metrics`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          entity: 'node',
          metrics: [{ metric: 'cpu_usage_usec_per_second', statistic: 'Average' }],
          start: new Date(Date.now() - 600_000).toISOString(),
          end: new Date().toISOString(),
          filters: {},
          group_by: [],
          period_seconds: 10,
        }),
      });
      last = await response.text();
      const series = (JSON.parse(last) as { series?: { values: (number | null)[] }[] }).series;
      if ((series?.[0]?.values.filter((value) => value !== null).length ?? 0) >= ROWS) return;
    } catch (fault) {
      last = String(fault);
    }
    await sleep(1000);
  }
  throw new Error(
    `the server at ${url} had fewer than ${ROWS} rows of its node after ${DATA_MS / 1000} s; it last said: ${last.slice(0, 500)}`,
  );
}
