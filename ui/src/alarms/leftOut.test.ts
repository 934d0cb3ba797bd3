import { expect, it } from 'vitest';
import { seriesLeftOut } from './leftOut';

it('says that series are left out, and how many there are', () => {
  expect(seriesLeftOut(500, 5000)).toBe('Here are the 500 worst of 5000 series. The filter looks at these only.');
  expect(seriesLeftOut(500, 500)).toBeNull();
  expect(seriesLeftOut(0, 0)).toBeNull();
});
