import { describe, expect, it } from 'vitest';
import { GONE, treeOf } from './tree';

describe('the alarms below a composite one', () => {
  it('are named when they were deleted, without being asked for', async () => {
    const asked: string[] = [];
    const tree = await treeOf(
      {
        name: 'all',
        children: [
          { name: 'here', state: 'ALARM' },
          { name: 'gone', state: null },
        ],
      },
      (name) => {
        asked.push(name);
        return Promise.resolve({ name, kind: 'rows', children: [] });
      },
    );
    expect(tree).toEqual([
      { name: 'here', state: 'ALARM', children: [], note: null },
      { name: 'gone', state: null, children: [], note: GONE },
    ]);
    expect(asked).toEqual(['here']);
  });
});
