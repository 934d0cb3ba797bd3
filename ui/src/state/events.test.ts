// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { statement } from './events';

describe('the statement of events', () => {
  it('asks for objects by kind, by the begin of their name, and for what a node reported', () => {
    const text = statement(
      {
        namespace: 'shop',
        about: [
          { kind: 'Pod', name: 'web-1' },
          { kind: 'Pod', name: 'web-2' },
          { kind: 'Deployment', name: 'web' },
        ],
        begins: [{ kind: 'Pod', prefix: "web's-" }],
        node: 'n1',
      },
      0,
      1000,
    );
    expect(text).toContain(`"namespace" = 'shop'`);
    expect(text).toContain(
      `(("object_kind" = 'Pod' and "object_name" in ('web-1', 'web-2')) or ("object_kind" = 'Deployment' and "object_name" in ('web'))`,
    );
    expect(text).toContain(`starts_with(object_name, 'web''s-')`);
    expect(text).toContain(`or "node" = 'n1')`);
  });
  it('finds none where it is about no object, and all where it is about a place', () => {
    expect(statement({ about: [] }, 0, 1)).toContain('and false group');
    expect(statement({ namespace: 'shop' }, 0, 1)).toContain('and true group');
  });
});
