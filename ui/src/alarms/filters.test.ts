import { describe, expect, it } from 'vitest';
import { filterRows, filtersOf, filterWords, newFilter } from './filters';

describe('filters as rows of a form', () => {
  it('take a value alone, which the server makes of a list of one', () => {
    const [row] = filterRows({ namespace: 'shop' });
    expect(row).toMatchObject({ column: 'namespace', not: false, values: 'shop' });
    expect(filtersOf([row!])).toEqual({ namespace: 'shop' });
    expect(filtersOf([{ ...row!, values: 'shop, pay-*' }])).toEqual({ namespace: ['shop', 'pay-*'] });
    expect(filterRows({ namespace: { not: 'shop' } })[0]).toMatchObject({ not: true, values: 'shop' });
  });

  it('keep what is no text', () => {
    expect(filterRows({ a: 7, b: true }).map(({ values }) => values)).toEqual(['7', 'true']);
    for (const filters of [{ a: null }, { a: { not: null } }, { a: [null] }, { a: [null, 'x'] }, { a: ['x,y'] }])
      expect(filtersOf(filterRows(filters))).toEqual(filters);
  });

  it('leave out rows that name nothing yet', () => {
    expect(filtersOf([newFilter('a'), newFilter(''), { ...newFilter('b'), values: ' , ' }])).toEqual({});
  });

  it('are read aloud', () => {
    expect(filterRows({ a: 'x', b: { not: [null, 'y'] }, c: null }).map(filterWords)).toEqual([
      'a is x',
      'b is not y, absent',
      'c is absent',
    ]);
  });
});
