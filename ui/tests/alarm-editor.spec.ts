import { answer } from '../dev/alarms';
import { beginning } from '../dev/alarms/held';
import { expect, open, boxOf, settled, test } from './test';
import type { Page } from './test';
import { testViews } from './views';
import type { View } from './views';

/**
 * The forms of metric math and of anomaly bands. Definitions are judged and replayed by the server, but for what takes
 * more history than the simulated cluster has: bands, and what they are not learned from, are answered by the stand-in
 * of development.
 */

const CONDITION = { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'missing' };

function stat(id: string, name: string, change: object = {}) {
  const dimensions = [
    { Name: 'ClusterName', Value: 'demo' },
    { Name: 'Namespace', Value: 'shop' },
  ];
  const metric = { Namespace: 'ContainerInsights', MetricName: name, Dimensions: dimensions };
  return { Id: id, MetricStat: { Metric: metric, Period: 60, Stat: 'Average' }, ...change };
}

const MATH = {
  AlarmName: 'math of the page',
  ...CONDITION,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 300_000,
  Metrics: [
    stat('m1', 'pod_network_rx_bytes', { ReturnData: false }),
    stat('m2', 'pod_network_tx_bytes', { ReturnData: false, Label: 'sent' }),
    { Id: 'e1', Expression: 'm1 + m2', Label: 'Both ways', ReturnData: true },
  ],
};

const BAND = {
  AlarmName: 'band of the page',
  ...CONDITION,
  ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
  ThresholdMetricId: 'ad1',
  Metrics: [
    stat('m1', 'pod_cpu_utilization', { ReturnData: true }),
    { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)', ReturnData: true },
  ],
};

const EXCLUDED = {
  ...BAND,
  AnomalyDetector: {
    ExcludedTimeRanges: [{ StartTime: '2026-11-20T10:00:00Z', EndTime: '2026-11-20T12:30:00Z' }],
    MetricTimezone: '+01:00',
  },
};

const WRONG = {
  ...MATH,
  Metrics: [
    stat('m1', 'pod_network_rx_bytes', { ReturnData: false }),
    stat('m1', 'pod_network_tx_bytes', { ReturnData: false }),
    { Id: 'e1', Expression: 'm1 / m3', ReturnData: true },
  ],
};

const drafted = (definition: object, more = '') =>
  `/alarms/-/new?range=1h${more}&draft=${encodeURIComponent(JSON.stringify(definition))}`;

const row = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const expression = (page: Page, name = 'Expression e1') => row(page, name).getByRole('textbox', { name: 'Expression' });

/** The definition that is edited, from the address. */
async function edited(page: Page): Promise<Record<string, unknown>> {
  const text = new URL(page.url()).searchParams.get('draft') ?? '{}';
  return Promise.resolve(JSON.parse(text) as Record<string, unknown>);
}

/** Checks and replays are answered by the stand-in. */
async function standIn(page: Page): Promise<void> {
  const held = beginning(Date.now());
  await page.route(/\/api\/alarms\/(?:check|replay)$/, async (route) => {
    const request = route.request();
    const { status, body } = answer(held, 'POST', new URL(request.url()), request.postDataJSON(), Date.now());
    await route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
  });
}

const VIEWS: readonly View[] = [
  { name: 'alarm-math', path: () => drafted(MATH) },
  { name: 'alarm-math-wrong', path: () => drafted(WRONG) },
  { name: 'alarm-band-too-early', path: () => drafted(BAND) },
  {
    name: 'alarm-band',
    path: async (page) => {
      await standIn(page);
      return drafted(EXCLUDED);
    },
  },
];

test.use({ shows: 'demo' });

testViews(VIEWS);

test.describe('metric math', () => {
  test('is made of metrics and expressions, looked up while they are typed', async ({ page }) => {
    await open(page, '/alarms/-/new?range=1h');
    await page.getByLabel('Kind').selectOption({ label: 'Metric math' });
    const first = row(page, 'Metric m1');
    await expect(first.getByRole('radio')).toBeChecked();
    await first.getByRole('combobox', { name: 'Metric' }).fill('pod_network_rx_bytes');
    await page.keyboard.press('Enter');
    await first.getByRole('combobox', { name: 'ClusterName' }).fill('demo');
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Add an expression' }).click();
    const typed = expression(page);
    await expect(typed).toBeFocused();
    await typed.pressSequentially('2 * ru');
    const offered = page.getByRole('listbox', { name: 'Functions and ids' });
    await expect(offered.getByRole('option')).toHaveText(/RUNNING_SUM.*added up/);
    await page.keyboard.press('Enter');
    await expect(typed).toHaveValue('2 * RUNNING_SUM()');
    await typed.pressSequentially('m');
    await expect(offered.getByRole('option').first()).toContainText('pod_network_rx_bytes');
    await page.keyboard.press('Enter');
    await expect(typed).toHaveValue('2 * RUNNING_SUM(m1)');

    await row(page, 'Expression e1').getByRole('radio').check();
    await page.getByLabel('Threshold', { exact: true }).first().fill('5');
    await page.locator('.outcome').getByText('1', { exact: true }).first().waitFor();
    await expect(page.locator('.legend, .chart')).toContainText(['e1']);
    await expect
      .poll(() => edited(page))
      .toMatchObject({
        Metrics: [
          { Id: 'm1', ReturnData: false, MetricStat: { Metric: { MetricName: 'pod_network_rx_bytes' }, Period: 60 } },
          { Id: 'e1', ReturnData: true, Expression: '2 * RUNNING_SUM(m1)' },
        ],
        Threshold: 5,
      });
  });

  test('tells at once of ids, and where an expression is wrong', async ({ page }) => {
    await open(page, drafted(MATH));
    const typed = expression(page);
    const field = page.locator('.expression .field');
    await typed.fill('m1 + m9');
    await expect(field.getByRole('alert')).toContainText('Character 6: nothing has the id m9');
    await expect(page.locator('.fault-place mark')).toHaveText('m');
    // What only the server knows, at the field and not at the head of the form.
    await typed.fill('SUMM(m1)');
    await expect(field.getByRole('alert')).toContainText('there is no function SUMM');
    await typed.fill('m1 +');
    await expect(field.getByRole('alert')).toContainText('Character 5');
    await expect(page.locator('.banner.bad')).toHaveCount(0);
    await typed.fill('m1 + m2');
    await expect(field.getByRole('alert')).toHaveCount(0);

    const id = row(page, 'Metric m2').getByLabel('Id', { exact: true });
    await id.fill('m1');
    await expect(page.getByText('The id m1 is there twice.')).toBeVisible();
    await page.getByLabel('Id', { exact: true }).nth(1).fill('2nd');
    await expect(page.getByText('Begins with a lower-case letter', { exact: false })).toBeVisible();
    await page.getByLabel('Id', { exact: true }).nth(1).fill('m2');
    await expect(page.locator('.editor').getByRole('alert')).toHaveCount(0);
  });

  test('says of a metric that is not there where it is named', async ({ page }) => {
    const [first, , third] = MATH.Metrics;
    await open(page, drafted({ ...MATH, Metrics: [first, stat('m2', 'pod_netwerk', { ReturnData: false }), third] }));
    const second = row(page, 'Metric m2');
    await expect(second).toContainText("has no metric 'pod_netwerk'");
    // It is unfolded, for something in it is wrong.
    await expect(second.getByRole('combobox', { name: 'Metric' })).toBeVisible();
  });

  test('is put in another order, also by keys, and taken away', async ({ page }) => {
    await open(page, drafted(MATH));
    const ids = async () =>
      page.getByLabel('Id', { exact: true }).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    await page.getByRole('button', { name: 'Move e1 up' }).focus();
    await page.keyboard.press('Enter');
    expect(await ids()).toEqual(['m1', 'e1', 'm2']);
    await expect(page.getByRole('button', { name: 'Move e1 up' })).toBeFocused();
    await page.keyboard.press('Enter');
    expect(await ids()).toEqual(['e1', 'm1', 'm2']);
    await expect(page.getByRole('button', { name: 'Move e1 down' })).toBeFocused();
    await page.keyboard.press('Alt+ArrowDown');
    expect(await ids()).toEqual(['m1', 'e1', 'm2']);

    await page.getByRole('button', { name: 'Remove e1' }).click();
    expect(await ids()).toEqual(['m1', 'm2']);
    // What was looked at is gone: another one is.
    await expect(row(page, 'Metric m2').getByRole('radio')).toBeChecked();
    await page.getByRole('button', { name: 'Add a metric' }).click();
    expect(await ids()).toEqual(['m1', 'm2', 'm3']);
  });

  test('loses nothing between form and JSON, and is saved', async ({ page }) => {
    const kept = { ...MATH, EvaluationInterval: 120 };
    await page.request.delete(`/api/alarms/${encodeURIComponent(kept.AlarmName)}`);
    await open(page, drafted(kept));
    await page.getByLabel('Description').fill('both ways');
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const json = page.getByRole('textbox', { name: 'JSON' });
    expect(JSON.parse(await json.inputValue())).toEqual({ ...kept, AlarmDescription: 'both ways' });
    const third = MATH.Metrics[2];
    await json.fill(JSON.stringify({ ...kept, Metrics: [...MATH.Metrics.slice(0, 2), { ...third, Label: 'All' }] }));
    await page.getByRole('button', { name: 'Form', exact: true }).click();
    await expect(row(page, 'Expression e1').getByLabel('Label')).toHaveValue('All');
    await page.getByRole('button', { name: 'Make this alarm' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(kept.AlarmName);
    await page.getByRole('link', { name: 'Definition' }).click();
    await expect(page.locator('.readable')).toContainText('m1 + m2');
    await page.request.delete(`/api/alarms/${encodeURIComponent(kept.AlarmName)}`);
  });
});

test.describe('an anomaly band', () => {
  test('takes the place of a threshold, and says when there is not enough data', async ({ page }) => {
    const [first] = BAND.Metrics as ReturnType<typeof stat>[];
    const { Metric, Period, Stat } = first!.MetricStat;
    const single = {
      AlarmName: BAND.AlarmName,
      ...CONDITION,
      ...Metric,
      Statistic: Stat,
      Period,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 50,
    };
    await open(page, drafted(single));
    await page.getByRole('radio', { name: 'Anomaly band' }).check();
    await expect(page.getByLabel('Threshold', { exact: true })).toHaveCount(0);
    await expect(page.getByRole('status').filter({ hasText: 'not enough data for a band yet' })).toBeVisible();
    await expect.poll(() => edited(page)).toEqual(BAND);

    await page.getByLabel('Width (deviations)').fill('0');
    await expect(page.getByText('A width is a number above 0.')).toBeVisible();
    await page.getByLabel('Width (deviations)').fill('3.5');
    await page.getByLabel('The value is').selectOption({ label: 'above the band' });
    await expect
      .poll(() => edited(page))
      .toMatchObject({
        ComparisonOperator: 'GreaterThanUpperThreshold',
        Metrics: [{ Id: 'm1' }, { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 3.5)' }],
      });
    await page.getByRole('radio', { name: 'Static threshold' }).check();
    await expect(page.getByLabel('Threshold', { exact: true }).first()).toHaveValue('50');
    await expect.poll(() => edited(page)).toEqual(single);
  });

  test('is of an expression, and follows what is looked at', async ({ page }) => {
    await open(page, drafted(MATH));
    await page.getByRole('radio', { name: 'Anomaly band' }).check();
    await expect.poll(() => edited(page)).toMatchObject({ ThresholdMetricId: 'ad1' });
    await expect(page.getByLabel('The band is of')).toHaveValue('e1');
    await row(page, 'Metric m1').getByRole('radio').check();
    await expect(page.getByLabel('The band is of')).toHaveValue('m1');
    // The band itself is not among the rows.
    await expect(page.getByLabel('Id', { exact: true })).toHaveCount(3);
    await expect(page.locator('.editor').getByRole('alert')).toHaveCount(0);
  });

  test('is not learned from ranges that are typed or dragged on the chart', async ({ page }) => {
    await standIn(page);
    await open(page, drafted(EXCLUDED));
    await settled(page);
    await expect(page.locator('#preview')).toContainText('upper end of the band');
    const first = page.getByRole('group', { name: 'Range 1' });
    await expect(first.getByLabel('From')).toHaveValue('2026-11-20T10:00');
    await first.getByLabel('To').fill('2026-11-20T09:00');
    await expect(first).toContainText('The end is not after the start.');
    await first.getByLabel('To').fill('2026-11-20T13:00');
    await expect(first.getByRole('alert')).toHaveCount(0);

    const dragging = page.getByRole('button', { name: 'Exclude by dragging' });
    await dragging.click();
    await expect(dragging).toHaveAttribute('aria-pressed', 'true');
    const box = await boxOf(page.locator('#preview .u-over'));
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect(page.getByRole('group', { name: 'Range 2' })).toBeVisible();
    // The range of the page is what it was.
    await expect(page).toHaveURL(/range=1h/);
    const minutes = async () => {
      const { AnomalyDetector: detector } = (await edited(page)) as typeof EXCLUDED;
      const range = detector.ExcludedTimeRanges[1];
      return range ? (Date.parse(range.EndTime) - Date.parse(range.StartTime)) / 60_000 : 0;
    };
    await expect.poll(minutes).toBeGreaterThan(15);
    expect(await minutes()).toBeLessThan(22);
    expect(await edited(page)).toMatchObject({
      AnomalyDetector: {
        ExcludedTimeRanges: [{ StartTime: '2026-11-20T10:00:00Z', EndTime: '2026-11-20T13:00:00Z' }, {}],
        MetricTimezone: '+01:00',
      },
    });
    await page.getByRole('button', { name: 'Remove range 2' }).click();
    await page.getByRole('button', { name: 'Remove range 1' }).click();
    await page.getByLabel('Hours follow').fill('');
    await expect.poll(() => edited(page)).not.toHaveProperty('AnomalyDetector');
  });

  test('is reached from a chart, with its metric as m1', async ({ page }) => {
    const { entities } = (await (await page.request.get('/api/entities/node?limit=1')).json()) as {
      entities: { cluster: string; node: string }[];
    };
    const { cluster, node } = entities[0]!;
    const rows = {
      ...CONDITION,
      AlarmName: 'from a chart',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 1e9,
      Period: 60,
      Source: {
        Rows: {
          Entity: 'node',
          Metric: 'memory_working_set_bytes',
          Statistic: 'Average',
          Filters: { cluster: [cluster], node: [node] },
          GroupBy: [],
        },
      },
    };
    await open(page, drafted(rows));
    await expect(page.getByText('it would be of node_memory_working_set')).toBeVisible();
    await page.getByRole('radio', { name: 'Anomaly band' }).check();
    await expect(page.getByLabel('Kind')).toHaveValue('metric');
    await expect(page.getByRole('combobox', { name: 'NodeName' })).toHaveValue(node);
    await expect
      .poll(() => edited(page))
      .toMatchObject({
        Metrics: [
          { Id: 'm1', MetricStat: { Metric: { MetricName: 'node_memory_working_set' } } },
          { Id: 'ad1', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
        ],
      });
    await expect(page.getByRole('status').filter({ hasText: 'not enough data' })).toBeVisible();
  });
});

test('filters that the server answers with one value stay', async ({ page }) => {
  const name = 'one value of the page';
  const definition = {
    ...CONDITION,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1e12,
    Period: 60,
    Source: {
      Rows: {
        Entity: 'pod',
        Metric: 'memory_working_set_bytes',
        Filters: { namespace: ['shop'], node: { not: [null] } },
      },
    },
  };
  const at = `/api/alarms/${encodeURIComponent(name)}`;
  await page.request.put(at, { data: { AlarmName: name, ...definition } });
  const filters = async () =>
    ((await (await page.request.get(at)).json()) as { definition: { Source: { Rows: { Filters: unknown } } } })
      .definition.Source.Rows.Filters;
  const before = await filters();
  expect(before).toEqual({ namespace: 'shop', node: { not: null } });
  await open(page, `/alarms/${encodeURIComponent(name)}/edit?range=1h`);
  await expect(page.getByLabel('Values of namespace')).toHaveValue('shop');
  await page.getByLabel('Description').fill('changed');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  expect(await filters()).toEqual(before);
  await page.request.delete(at);
});
