import { join } from 'node:path';
import { violations } from './axe';
import { expect, open, test } from './test';
import type { Page } from './test';

/** Where pictures of the pages are left, to be looked at. */
export const SHOTS = join(import.meta.dirname, '../test-results/screenshots');

/** A page as it is opened. The name is that of its pictures. */
export interface View {
  name: string;
  path: (page: Page) => Promise<string> | string;
}

/** Tests of every view in both themes, wide and narrow: axe finds nothing, nothing scrolls sideways. Leaves a picture. */
export function testViews(views: readonly View[]): void {
  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test.describe(`${scheme}, ${width} px`, () => {
        test.use({ colorScheme: scheme, viewport: { width, height: width > 600 ? 800 : 844 } });
        for (const view of views) {
          test(`${view.name} is accessible and fits`, async ({ page }) => {
            await open(page, await view.path(page));
            await expect(page.locator('html')).toHaveAttribute('data-theme', scheme);
            const beyond = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(beyond, 'horizontal scroll').toBeLessThanOrEqual(0);
            expect(await violations(page)).toEqual([]);
            await page.screenshot({ path: join(SHOTS, `${view.name}-${scheme}-${width}.png`), fullPage: true });
          });
        }
      });
    }
  }
}
