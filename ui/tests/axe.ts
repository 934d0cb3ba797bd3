import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from './test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 A and AA and its own best practices. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  );
  return found.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${one.help}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}
