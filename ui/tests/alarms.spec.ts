import { expect, open, boxOf, settled, test } from './test';
import type { Page } from './test';
import { testViews } from './views';
import type { View } from './views';

/**
 * Alarms, over the simulated cluster. Names are looked up from the API. They run only where the server has alarms.
 */

interface Alarm {
  name: string;
  kind: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  origin: string;
  contributors: unknown;
  tags: Record<string, string>;
}

interface Answer {
  counts: Record<Alarm['state'], number>;
  alarms: Alarm[];
}

async function answer(page: Page): Promise<Answer> {
  return (await (await page.request.get('/api/alarms')).json()) as Answer;
}

async function anAlarm(page: Page, fits: (alarm: Alarm) => boolean = () => true): Promise<string> {
  const found = (await answer(page)).alarms.find((alarm) => alarm.kind !== 'composite' && fits(alarm));
  if (!found) throw new Error('the server has no such alarm');
  return found.name;
}

const at = (name: string, more = '') => `/alarms/${encodeURIComponent(name)}${more}`;

const DRAFT = {
  AlarmName: 'page test',
  Source: {
    Rows: {
      Entity: 'pod',
      Metric: 'memory_working_set_bytes',
      Statistic: 'Maximum',
      Filters: { namespace: ['shop'] },
      GroupBy: ['namespace', 'workload'],
    },
  },
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 100_000_000,
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'missing',
};

const draft = (change: object = {}) =>
  `/alarms/-/new?range=1h&draft=${encodeURIComponent(JSON.stringify({ ...DRAFT, ...change }))}`;

const VIEWS: readonly View[] = [
  { name: 'alarms', path: () => '/alarms?range=3h' },
  { name: 'alarms-history', path: () => '/alarms?tab=history&range=3h' },
  { name: 'alarms-silences', path: () => '/alarms?tab=silences&new=1&labels=namespace=shop' },
  { name: 'alarms-receivers', path: () => '/alarms?tab=receivers' },
  { name: 'alarm', path: async (page) => at(await anAlarm(page), '?range=3h') },
  { name: 'alarm-contributors', path: async (page) => at(await severalOf(page), '?tab=contributors') },
  { name: 'alarm-definition', path: async (page) => at(await anAlarm(page), '?tab=definition') },
  { name: 'alarm-json', path: async (page) => at(await anAlarm(page), '?tab=definition&as=json') },
  { name: 'alarm-new', path: () => draft() },
  { name: 'alarm-edit', path: async (page) => at(await anAlarm(page), '/edit?range=3h') },
  { name: 'alarm-edit-json', path: async (page) => at(await anAlarm(page), '/edit?view=json') },
];

async function severalOf(page: Page): Promise<string> {
  return anAlarm(page, ({ contributors }) => contributors !== null);
}

test.use({ shows: 'demo' });

test.describe('alarms', () => {
  test.beforeEach(async ({ page }) => {
    const { status } = await page.request.get('/api/alarms').then((response) => ({ status: response.status() }));
    test.skip(status === 404, 'this server has no alarms');
  });

  testViews(VIEWS);

  test('are listed worst first, counted, and filtered by the address', async ({ page }) => {
    const { counts, alarms } = await answer(page);
    await open(page, '/alarms');
    const rows = page.locator('.alarm-row');
    await expect(rows).toHaveCount(Math.min(alarms.length, 100));
    const states = await rows.evaluateAll((all: Element[]) => all.map((row) => row.classList.item(1) ?? ''));
    const rank = ['alarm', 'insufficient_data', 'ok'];
    expect(states).toEqual([...states].sort((a, b) => rank.indexOf(a) - rank.indexOf(b)));
    const group = page.getByRole('group', { name: 'State' });
    await group.getByRole('button', { name: /OK/ }).click();
    await expect(page).toHaveURL(/state=OK/);
    await page.reload();
    await settled(page);
    await expect(group.getByRole('button', { name: /OK/ })).toHaveAttribute('aria-pressed', 'true');
    expect(Math.abs((await rows.count()) - Math.min(counts.OK, 100))).toBeLessThanOrEqual(2);
    expect(await rows.evaluateAll((all) => all.every((row) => row.classList.contains('ok')))).toBe(true);
  });

  test('are told with their points, their definition and what they are part of', async ({ page }) => {
    const name = await severalOf(page);
    const detail = (await (await page.request.get(`/api${at(name)}`)).json()) as {
      definition: unknown;
      series: { points: unknown[] }[];
    };
    await open(page, at(name));
    const points = page.getByRole('group', { name: 'Evaluated points' }).locator('tbody tr');
    await expect(points).toHaveCount(detail.series[0]?.points.length ?? 0);
    await page.getByRole('link', { name: /^Contributors/ }).click();
    await expect(page.locator('table.data tbody tr')).toHaveCount(Math.min(detail.series.length, 100));
    await page.getByRole('link', { name: 'Definition' }).click();
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    expect(JSON.parse((await page.locator('pre.json').textContent()) ?? '')).toEqual(detail.definition);
  });

  test('are made from a chart', async ({ page }) => {
    const nodes = (await (await page.request.get('/api/entities/node?limit=1')).json()) as {
      entities: { node: string }[];
    };
    const node = nodes.entities[0]?.node ?? '';
    await open(page, `/nodes/${encodeURIComponent(node)}?range=1h`);
    await page
      .locator('#load')
      .getByRole('button', { name: /copy and save/ })
      .click();
    await page.getByRole('link', { name: 'Alarm on this' }).click();
    await expect(page).toHaveURL(/\/alarms\/-\/new\?.*draft=/);
    await settled(page);
    await expect(page.getByRole('combobox', { name: 'Metric' })).not.toHaveValue('');
    await expect(page.getByLabel('Values of node')).toHaveValue(node);
  });

  test('are previewed, their threshold moved on the chart, made and deleted', async ({ page }) => {
    await page.request.delete(`/api${at('page test')}`);
    await open(page, draft());
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await expect(slider).toBeVisible();
    await slider.focus();
    await page.keyboard.press('ArrowUp');
    const typed = page.getByLabel('Threshold', { exact: true }).first();
    await expect(typed).not.toHaveValue('100000000');
    const raised = Number(await typed.inputValue());
    expect(raised).toBeGreaterThan(100_000_000);
    await expect.poll(() => decodeURIComponent(page.url())).toContain(`"Threshold":${raised}`);

    const box = await boxOf(slider);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Number(await typed.inputValue())).toBeLessThan(raised);
    const dragged = Number(await typed.inputValue());

    await page.getByRole('button', { name: 'Make this alarm' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('page test');
    const made = (await (await page.request.get(`/api${at('page test')}`)).json()) as {
      definition: { Threshold: number };
    };
    expect(made.definition.Threshold).toBe(dragged);

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete' }).getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alarms');
    expect((await page.request.get(`/api${at('page test')}`)).status()).toBe(404);
  });

  test('show what is wrong at the field, and keep form and JSON the same', async ({ page }) => {
    await open(page, draft({ DatapointsToAlarm: 7 }));
    const field = page.locator('.field', { has: page.getByLabel('Datapoints to alarm (M)') });
    await expect(field.getByRole('alert')).toContainText('7');
    await page.getByLabel('Datapoints to alarm (M)').fill('2');
    await expect(field.getByRole('alert')).toHaveCount(0);
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const json = page.getByRole('textbox', { name: 'JSON' });
    expect(JSON.parse(await json.inputValue())).toEqual(DRAFT);
    await json.fill(JSON.stringify({ ...DRAFT, EvaluationPeriods: 9 }));
    await page.getByRole('button', { name: 'Form', exact: true }).click();
    await expect(page.getByLabel('Evaluation periods (N)')).toHaveValue('9');
  });

  test('are silenced and heard again', async ({ page }) => {
    const name = await anAlarm(page);
    const comment = `page test ${Date.now()}`;
    await open(page, at(name));
    await page.getByRole('link', { name: 'Silence this' }).click();
    const form = page.getByRole('form', { name: 'New silence' });
    await expect(form.getByLabel('Alarm', { exact: true })).toHaveValue(name);
    await form.getByRole('button', { name: 'Silence' }).click();
    await expect(form.getByRole('alert')).toContainText('why');
    await form.getByLabel('Comment').fill(comment);
    await form.getByRole('button', { name: 'Silence' }).click();
    const row = page.getByRole('row').filter({ hasText: comment });
    await expect(row).toContainText('holds');
    await row.getByRole('button', { name: /^End/ }).click();
    await expect
      .poll(async () => {
        const { silences } = (await (await page.request.get('/api/silences')).json()) as {
          silences: { comment: string; active: boolean }[];
        };
        return silences.some((one) => one.comment === comment && one.active);
      })
      .toBe(false);
  });

  test('have their state set, with a warning', async ({ page }) => {
    const name = await anAlarm(page, ({ state }) => state === 'OK');
    await open(page, at(name));
    await page.getByRole('button', { name: 'Set state' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set state' });
    await expect(dialog).toContainText('next evaluation corrects it');
    await dialog.getByLabel('Reason').fill('page test');
    await dialog.getByRole('button', { name: 'Set state' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('link', { name: 'History' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  });

  test.describe('on an entity', () => {
    const NAME = 'page test spans';
    const pod = async (page: Page) => {
      const { entities } = (await (await page.request.get('/api/entities/pod?namespace=shop&limit=50')).json()) as {
        entities: { pod: string; pod_uid: string; health: { state: string } }[];
      };
      const found = entities.find((one) => one.health.state === 'live');
      if (!found) throw new Error('the namespace shop has no pod');
      return found;
    };

    test.beforeEach(async ({ page }) => {
      // After its start a server evaluates nothing for a minute.
      test.setTimeout(240_000);
      const source = { ...DRAFT.Source.Rows, Statistic: 'Average', GroupBy: ['cluster', 'namespace', 'pod'] };
      const definition = { ...DRAFT, AlarmName: NAME, Threshold: 1, EvaluationPeriods: 1, DatapointsToAlarm: 1 };
      await page.request.put(`/api${at(NAME)}`, { data: { ...definition, Source: { Rows: source } } });
      await expect
        .poll(async () => ((await (await page.request.get(`/api${at(NAME)}`)).json()) as Alarm).state, {
          timeout: 180_000,
          intervals: [1000],
        })
        .toBe('ALARM');
    });

    test.afterEach(async ({ page }) => {
      await page.request.delete(`/api${at(NAME)}`);
    });

    test('are beside its name and the names above it, and lead to the list of them', async ({ page }) => {
      const { pod: name, pod_uid: uid } = await pod(page);
      await open(page, `/pods/${uid}?range=15m`);
      const badge = page.locator('.heading .alarm-badge');
      await expect(badge).toHaveAccessibleName(new RegExp(`in alarm on pod ${name} or within it`));
      const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
      await expect(crumbs.getByRole('link', { name: /in alarm on cluster/ })).toBeVisible();
      await crumbs.getByRole('link', { name: /in alarm on namespace shop/ }).click();
      await expect(page).toHaveURL(/\/alarms\?.*about=.*namespace(=|%3D)shop/);
      await settled(page);
      await expect(page.locator('.alarm-row').filter({ hasText: NAME })).toBeVisible();
      const chip = page.getByRole('button', { name: 'About namespace shop: show all alarms' });
      await chip.click();
      await expect(chip).toHaveCount(0);
      await expect(page).not.toHaveURL(/about=/);
      await open(page, '/alarms?about=namespace=there-is-none');
      await expect(page.locator('.alarm-row')).toHaveCount(0);
    });

    test('are drawn on its charts with name and threshold, and can be hidden', async ({ page }) => {
      const { pod_uid: uid } = await pod(page);
      await open(page, `/pods/${uid}?range=15m`);
      const listed = page.getByRole('region', { name: 'Alarms in this range' });
      await expect(listed.getByRole('link', { name: NAME })).toBeVisible();
      const said = page.locator('#memory-description');
      await expect(said).toContainText(`In alarm meanwhile: `);
      await expect(said).toContainText(NAME);
      await expect(page.locator('#memory .legend')).toContainText(`threshold of ${NAME}`);
      await expect(page.locator('#cpu .legend')).not.toContainText('threshold of');
      await page.locator('#memory .plot').focus();
      await page.keyboard.press('End');
      await expect(page.locator('#memory .hover-card')).toContainText(NAME);

      await page.getByRole('button', { name: 'Memory: show as table' }).click();
      await expect(page.getByRole('columnheader', { name: 'In alarm' })).toBeVisible();
      await page.getByRole('button', { name: 'Memory: show as chart' }).click();

      await listed.getByRole('button', { name: 'Alarms on charts' }).click();
      await expect(page).toHaveURL(/spans=off/);
      await page.reload();
      await settled(page);
      await expect(listed.getByRole('button', { name: 'Alarms on charts' })).toHaveAttribute('aria-pressed', 'false');
      await expect(said).not.toContainText('In alarm');
      await expect(page.locator('#memory .legend')).not.toContainText('threshold of');
    });

    test('are asked for once for all charts of a page', async ({ page }) => {
      const { pod_uid: uid } = await pod(page);
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.url().endsWith('/api/sql') && request.postData()?.includes('alarm_history') === true)
          asked.push(request.postData() ?? '');
      });
      await open(page, `/pods/${uid}?range=15m&live=off`);
      await expect(page.getByRole('region', { name: 'Alarms in this range' })).toBeVisible();
      // Once before it is known what the pod is called, where its page comes in two steps.
      expect(new Set(asked).size).toBeLessThanOrEqual(3);
    });
  });

  test('are reached by keys and from the palette', async ({ page }) => {
    const name = await anAlarm(page);
    await open(page, '/');
    await expect(page.getByRole('link', { name: 'Alarms', exact: true })).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alarms');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).fill(name);
    await page.getByRole('option').filter({ hasText: name }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await page.keyboard.press('e');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Edit ${name}`);
  });
});

test.describe('a server without alarms', () => {
  test.use({ expectedErrors: /404/ });

  test('shows nothing of them', async ({ page }) => {
    await page.route(/\/api\/alarms(?:\?|$)/, (route) =>
      route.fulfill({
        status: 404,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          title: 'There is nothing here',
          detail: 'no such path',
          status: 404,
          code: 'not_found',
        }),
      }),
    );
    await open(page, '/');
    await expect(page.getByRole('link', { name: 'Nodes', exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Alarms', exact: true })).toHaveCount(0);
    await page
      .locator('#cpu')
      .getByRole('button', { name: /copy and save/ })
      .click();
    await expect(page.getByRole('link', { name: 'Alarm on this' })).toHaveCount(0);
  });
});
