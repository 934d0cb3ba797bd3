import { join } from 'node:path';
import { violations } from './axe';
import { expect, open, settled, test } from './test';
import type { Page } from './test';

/** Where pictures of the pages are left, to be looked at. */
export const SHOTS = join(import.meta.dirname, '../test-results/screenshots');

/** A page as it is opened. The name is that of its pictures. */
export interface View {
  name: string;
  path: (page: Page) => Promise<string> | string;
}

/**
 * Tests of every view, wide and narrow, in both themes: axe finds nothing, nothing scrolls sideways. Leaves pictures.
 * The theme changes under the open page, as it does when evening comes, which spares half of the loads.
 */
export function testViews(views: readonly View[]): void {
  for (const width of [1280, 390]) {
    test.describe(`${width} px`, () => {
      test.use({ colorScheme: 'light', viewport: { width, height: width > 600 ? 800 : 844 } });
      for (const view of views) {
        test(`${view.name} is accessible and fits`, async ({ page }) => {
          await open(page, await view.path(page));
          for (const scheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme: scheme });
            await expect(page.locator('html')).toHaveAttribute('data-theme', scheme);
            // Canvases are drawn anew in a frame of their own, and colours may take a moment to change.
            await page.evaluate(async () => {
              await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
              const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
              await Promise.allSettled(changing.map((one) => one.finished));
            });
            await settled(page);
            const beyond = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(beyond, `${scheme}: horizontal scroll`).toBeLessThanOrEqual(0);
            expect(await violations(page), scheme).toEqual([]);
            await page.screenshot({ path: join(SHOTS, `${view.name}-${scheme}-${width}.png`), fullPage: true });
          }
        });
      }
    });
  }
}
