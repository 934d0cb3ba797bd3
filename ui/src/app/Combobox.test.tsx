// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { Combobox } from './Combobox';

const root = document.createElement('div');
document.body.append(root);

afterEach(() => {
  render(null, root);
});

/** What Enter chooses after something was typed, and what was listed. */
function chosen(typed: string, free: boolean): { value: string | null | undefined; listed: string[] } {
  let value: string | null | undefined;
  const choices = ['web-10', 'web-1', 'api-1'].map((name) => ({ value: name }));
  void act(() => {
    render(
      <Combobox label="Pod" value={null} choices={choices} free={free} onChange={(next) => (value = next)} />,
      root,
    );
  });
  const input = root.querySelector('input')!;
  void act(() => {
    input.value = typed;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const listed = [...root.querySelectorAll('[role="option"] span:first-child')].map((one) => one.textContent);
  void act(() => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  return { value, listed };
}

describe('a box that narrows a list', () => {
  it('takes the very name first, then what has it in it', () => {
    expect(chosen('web-1', false)).toEqual({ value: 'web-1', listed: ['web-1', 'web-10'] });
    expect(chosen('api', false)).toEqual({ value: 'api-1', listed: ['api-1'] });
    expect(chosen('nothing', false).value).toBeUndefined();
  });
  it('takes what was typed where it may be anything, after what is known', () => {
    expect(chosen('web', true)).toEqual({ value: 'web-10', listed: ['web-10', 'web-1', 'web'] });
    expect(chosen('web-*', true)).toEqual({ value: 'web-*', listed: ['web-*'] });
    expect(chosen('web-1', true).listed).toEqual(['web-1', 'web-10']);
  });
});
