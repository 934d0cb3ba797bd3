import { describe, expect, it } from 'vitest';
import { amount, largeAmount, unitPrice } from './money';

describe('money', () => {
  it('has cents', () => {
    expect(amount(125.125)).toBe('$125.13');
    expect(amount(29_500)).toBe('$29,500.00');
    expect(amount(0)).toBe('$0.00');
  });
  it('shows what is above nothing as more than nothing, and what is not known as such', () => {
    expect(amount(0.004)).toBe('<$0.01');
    expect(amount(0.005)).toBe('$0.01');
    expect(amount(null)).toBe('–');
    expect(amount(Number.NaN)).toBe('–');
  });
  it('leaves cents out where they say nothing', () => {
    expect(largeAmount(9_999.5)).toBe('$9,999.50');
    expect(largeAmount(12_345.67)).toBe('$12,346');
    expect(largeAmount(null)).toBe('–');
  });
  it('keeps all digits of a price', () => {
    expect(unitPrice(0.0076)).toBe('$0.0076');
    expect(unitPrice(0.3)).toBe('$0.30');
    expect(unitPrice(3)).toBe('$3.00');
  });
});
