// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { statement } from './alarmSpans';

const span = { start: Date.UTC(2026, 10, 26, 14), end: Date.UTC(2026, 10, 26, 15) };
const asked = (place: object, change: object = {}) =>
  statement({ place: { ...place }, span, now: span.end, several: true, names: [], ...change });

describe('the question for the alarms of an entity', () => {
  it('asks for the names in each way in which labels may write them', () => {
    const sql = asked({ cluster: 'c', namespace: 'shop', pod: 'web-1' });
    expect(sql).toContain(
      "coalesce(labels['pod'], labels['FullPodName'], case when labels['kind'] in ('Pod', 'Container') then labels['name'] end, " +
        "case when labels['object_kind'] in ('Pod', 'Container') then labels['object_name'] end) = 'web-1'",
    );
    expect(sql).toMatch(/coalesce\(labels\['namespace'\], labels\['Namespace'\].*?\) = 'shop'/);
    // A cluster that a series does not name tells nothing against it.
    expect(sql).toMatch(/= 'c' or coalesce\(labels\['cluster'\].*? is null\)/);
    expect(sql).toContain(`strpos(data, '"web-1"') > 0`);
  });

  it('lets no name out of its quotes', () => {
    expect(asked({ namespace: "x' or '1'='1" })).not.toContain("'x' or");
  });

  it('asks what came after only for a range of the past', () => {
    expect(asked({ node: 'n' })).not.toContain("'after'");
    expect(asked({ node: 'n' }, { now: span.end + 3_600_000 })).toContain("'after'");
  });

  it('asks for the definitions of what is in ALARM now, and of a whole cluster for what names it', () => {
    expect(asked({ node: 'n' }, { names: ["it's"] })).toContain("or alarm in ('it''s')");
    expect(asked({ cluster: 'c' })).not.toContain('is null and cardinality(labels) > 0');
    expect(asked({ cluster: 'c' }, { several: false })).toContain('is null and cardinality(labels) > 0');
  });
});
