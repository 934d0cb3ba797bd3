import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTAINER_COLUMNS, POD_COLUMNS } from '../measures/cgroup';
import { NODE_COLUMNS } from '../measures/node';
import * as cgroup from './cgroup';
import * as cluster from './cluster';
import * as node from './node';
import { metricsOf } from './panel';
import type { PanelSpec } from './panel';
import * as object from './object';
import * as parts from './parts';
import * as pods from './pods';

/** Every name that the page asks for must be one of the catalogue, whose reference is generated (docs/reference). */
const reference = readFileSync(join(import.meta.dirname, '../../../docs/reference/metrics.md'), 'utf8');

/** Temporality of each column of a table. */
function columnsOf(table: string): Map<string, string> {
  const section = new RegExp(`\\n### ${table}\\n([\\s\\S]*?)(?=\\n##)`).exec(reference)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| [^|]*\| [^|]*\| (\w+) \|/gm)];
  return new Map(rows.map((row) => [row[1] ?? '', row[2] ?? '']));
}

/** Names of Container Insights, which are formulas over columns. */
const named = new Set([...reference.matchAll(/^\| `(\w+)` \| (?:gauge|counter) \|/gm)].map((row) => row[1]));

const panels: PanelSpec[] = [
  ...(Object.values(cluster) as unknown[]).flat(),
  ...(Object.values(node) as unknown[]),
  ...(Object.values(parts) as unknown[]),
  ...(Object.values(cgroup) as unknown[]).flat(),
  ...(Object.values(object) as unknown[]),
  ...(Object.values(pods) as unknown[]).flat(),
  ...cgroup.cgroupPanels('container'),
  ...cgroup.cgroupPanels('pod'),
]
  .filter((value): value is PanelSpec => typeof value === 'object' && value !== null && 'lines' in value)
  // Lines of another table are looked up there.
  .flatMap((panel) => [panel, ...(panel.beside ?? []).map((one) => ({ ...panel, ...one, by: [] }))]);

describe('the catalogue', () => {
  it('is read', () => {
    expect(columnsOf('node').get('cpu_user_usec')).toBe('delta');
    expect(columnsOf('container').get('container_id')).toBe('identity');
    expect(panels.length).toBeGreaterThan(30);
  });

  it.each(panels.map((panel) => [`${panel.entity} ${panel.id}`, panel] as const))(
    'knows every metric of %s',
    (_, panel) => {
      const columns = columnsOf(panel.entity);
      for (const { metric } of metricsOf(panel, 'Average')) {
        if (metric.startsWith(`${panel.entity}_`) && named.has(metric)) continue;
        const delta = metric.endsWith('_per_second') && !columns.has(metric);
        const column = delta ? metric.replace(/_per_second$/, '') : metric;
        expect([...columns.keys()], metric).toContain(column);
        if (delta) expect(columns.get(column), `${metric} is the rate of a delta column`).toBe('delta');
      }
      for (const column of [...(panel.by ?? []), ...Object.keys(panel.only ?? {})]) {
        // Names that the Kubernetes API tells are looked up for pods and containers.
        const kind = columns.get(column) ?? columnsOf('identity').get(column);
        expect(['identity', 'attribute'], `${column} can be filtered and grouped by`).toContain(kind);
      }
    },
  );

  it.each([
    ['node', NODE_COLUMNS],
    ['container', CONTAINER_COLUMNS],
    ['pod', POD_COLUMNS],
  ] as const)('knows every column that listings of %s ask for', (table, wanted) => {
    const known = [...columnsOf(table).keys()];
    for (const column of wanted) expect(known).toContain(column);
  });
});
