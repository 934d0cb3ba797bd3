import { expect, open, test } from './test';
import type { Page } from './test';
import { testViews } from './views';

/**
 * Rights on the page of sources. What a server tells of them depends on how it was installed, so the list is invented
 * here and put into its answer; everything else is the server's own.
 */

test.use({ shows: 'demo' });

const KUBELET = {
  rung: 'kubelet',
  adds: ['space and inodes of volumes', 'start-up probes of containers that have not started'],
  needs: "the agent's service account may get nodes/stats",
  how: 'kubectl apply -f https://example.test/a-long-address/that-does-not-fit/on-a-narrow-screen/kubelet.yaml',
};

const usual = {
  cluster: 'demo',
  in_force: 'default',
  title: 'Reads the control groups, /proc and the log files of its node, without root.',
  has: ['CPU, memory and I/O of pods and containers', 'log lines of containers'],
  next: KUBELET,
};

const RUNGS = [
  { ...usual, node: 'n1' },
  { ...usual, node: 'n2' },
  { ...usual, node: 'n3' },
  { ...usual, node: 'n4', in_force: 'kubelet', has: [...usual.has, ...KUBELET.adds], next: null },
  {
    cluster: 'demo',
    node: null,
    in_force: 'watch',
    title: 'Lists and watches the Kubernetes API.',
    has: ['names, states and events of objects'],
    next: null,
  },
];

async function inventRights(page: Page, rungs: unknown): Promise<void> {
  await page.route('**/api/sources', async (route) => {
    try {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), rungs } });
    } catch {
      // The page asks again every few seconds, and was closed in the middle.
    }
  });
}

testViews([
  {
    name: 'sources-rights',
    path: async (page) => {
      await inventRights(page, RUNGS);
      return '/sources';
    },
  },
]);

test('nodes with the same rights share a card, which says who they are and what more would add', async ({ page }) => {
  await inventRights(page, RUNGS);
  await open(page, '/sources');
  const rights = page.getByRole('region', { name: 'Rights' });
  await expect(rights.getByRole('article')).toHaveCount(3);
  const card = rights.getByRole('article', { name: 'Rights default: 3 nodes' });
  await expect(card).toContainText(usual.title);
  await expect(card.getByRole('list', { name: 'Measured' }).getByRole('listitem')).toHaveText(usual.has);
  await expect(card.getByRole('link', { name: 'n2' })).toBeHidden();
  await card.getByText('3 nodes').click();
  await expect(card.getByRole('link', { name: 'n2' })).toHaveAttribute('href', /\/nodes\/n2/);
  await expect(card).toContainText(`With the rights kubelet also`);
  for (const one of KUBELET.adds) await expect(card).toContainText(one);
  await expect(card).toContainText(KUBELET.needs);

  const top = rights.getByRole('article', { name: 'Rights kubelet: 1 node' });
  await expect(top).toContainText('no further rights');
  await expect(top.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  await expect(rights.getByRole('article', { name: 'Rights watch: the server' })).toBeVisible();
});

test('the command is copied whole', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL ?? '' });
  await inventRights(page, RUNGS);
  await open(page, '/sources');
  await page
    .getByRole('article', { name: /^Rights default/ })
    .getByRole('button', { name: 'Copy' })
    .click();
  await expect(page.getByText('Command copied.').first()).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(KUBELET.how);
});

for (const [name, rungs] of [
  ['does not tell of rights', undefined],
  ['knows of none', []],
] as const)
  test(`a server that ${name} is shown without them`, async ({ page }) => {
    await inventRights(page, rungs);
    await open(page, '/sources');
    await expect(
      page
        .getByRole('table', { name: /^Sources/ })
        .getByRole('rowheader')
        .first(),
    ).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Rights' })).toHaveCount(0);
  });
