// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Column, Sort } from './column';
import { DataTable } from './DataTable';

interface Row {
  name: string;
  cpu: number;
  limit: number | null;
}

const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Name', value: (row) => row.name, cell: (row) => row.name },
  { id: 'cpu', header: 'CPU', end: true, value: (row) => row.cpu, cell: (row) => row.cpu },
  { id: 'limit', header: 'Limit', end: true, optional: true, value: (row) => row.limit, cell: (row) => row.limit },
];

let host: HTMLElement;
let asked: Sort[] = [];

function draw(rows: readonly Row[], sort: Sort = { id: 'cpu', descending: true }, most = 100): void {
  void act(() => {
    render(
      <DataTable
        caption="Things"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.name}
        sort={sort}
        onSort={(next) => asked.push(next)}
        empty="Nothing here."
        most={most}
      />,
      host,
    );
  });
}

const names = () => [...host.querySelectorAll('tbody th')].map((cell) => cell.textContent);
const row = (name: string, cpu: number, limit: number | null = null): Row => ({ name, cpu, limit });

beforeEach(() => {
  asked = [];
  host = document.createElement('div');
  document.body.append(host);
});

afterEach(() => {
  void act(() => render(null, host));
  host.remove();
});

describe('DataTable', () => {
  it('is a real table with a caption, row headers and the sorted column marked', () => {
    draw([row('a', 1), row('b', 2)]);
    expect(host.querySelector('caption')?.textContent).toContain('Things. 2 rows, sorted by CPU, descending');
    expect(names()).toEqual(['b', 'a']);
    const heads = [...host.querySelectorAll('thead th')];
    expect(heads.map((head) => head.getAttribute('aria-sort'))).toEqual([null, 'descending']);
    expect(heads.every((head) => head.getAttribute('scope') === 'col')).toBe(true);
  });

  it('asks for the other direction on a second press, and begins numbers at the largest', () => {
    draw([row('a', 1)]);
    const [name, cpu] = [...host.querySelectorAll<HTMLButtonElement>('thead button')];
    cpu?.click();
    name?.click();
    expect(asked).toEqual([
      { id: 'cpu', descending: false },
      { id: 'name', descending: false },
    ]);
  });

  it('leaves out a column that no row has a value for', () => {
    draw([row('a', 1)]);
    expect(host.querySelectorAll('thead th').length).toBe(2);
    draw([row('a', 1), row('b', 1, 5)]);
    expect(host.querySelectorAll('thead th').length).toBe(3);
  });

  it('keeps the order while the pointer is in it, and sorts afresh when it has left', () => {
    draw([row('a', 1), row('b', 2)]);
    const body = host.querySelector('tbody');
    void act(() => {
      body?.dispatchEvent(new Event('pointerenter'));
    });
    draw([row('a', 9), row('b', 2), row('c', 99)]);
    expect(names()).toEqual(['b', 'a', 'c']);
    void act(() => {
      body?.dispatchEvent(new Event('pointerleave'));
    });
    draw([row('a', 9), row('b', 2), row('c', 99)]);
    expect(names()).toEqual(['c', 'a', 'b']);
  });

  it('draws a part of many rows and more on demand', () => {
    draw(
      Array.from({ length: 50 }, (_, index) => row(`r${index}`, index)),
      undefined,
      10,
    );
    expect(names().length).toBe(10);
    expect(host.querySelector('.table-more')?.textContent).toContain('Showing 10 of 50');
    void act(() => host.querySelector<HTMLButtonElement>('.table-more button')?.click());
    expect(names().length).toBe(50);
  });

  it('says why it is empty', () => {
    draw([]);
    expect(host.querySelector('.table-empty')?.textContent).toBe('Nothing here.');
  });
});
