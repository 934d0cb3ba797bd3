import { describe, expect, it } from 'vitest';
import { ansiPieces, stripAnsi } from './ansi';

const E = '\u001b';

describe('escape sequences', () => {
  it('become classes', () => {
    expect(ansiPieces(`${E}[31mred${E}[0m plain ${E}[1;32mgood${E}[22m day${E}[m.`)).toEqual([
      { text: 'red', class: 'ansi-red' },
      { text: ' plain ' },
      { text: 'good', class: 'ansi-green ansi-bold' },
      { text: ' day', class: 'ansi-green' },
      { text: '.' },
    ]);
  });
  it('of other palettes are taken as far as there is a colour for them', () => {
    expect(ansiPieces(`${E}[38;5;9ma${E}[38;5;200mb${E}[38;2;1;31;4mc${E}[97;48;5;1md`)).toEqual([
      { text: 'a', class: 'ansi-red' },
      { text: 'bc' },
      { text: 'd', class: 'ansi-white' },
    ]);
  });
  it.each([
    [`${E}[2K${E}[1Gprogress`, 'progress'],
    [`${E}]0;title\u0007text`, 'text'],
    [`${E}]8;;http://x${E}\\link${E}]8;;${E}\\`, 'link'],
    [`\u009b31mold`, 'old'],
    [`${E}Mup`, 'up'],
    ['none', 'none'],
    [`cut ${E}[3`, `cut ${E}[3`.replace(`${E}[`, '')],
  ])('%j is read as %j', (text, plain) => {
    expect(stripAnsi(text)).toBe(plain);
    expect(
      ansiPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(plain);
  });
});
