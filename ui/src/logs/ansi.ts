/**
 * The colours that programs put into their lines (ECMA-48 SGR), as pieces with classes. Everything else of escape
 * sequences is left out: it would move a terminal's cursor, and here it is only noise.
 */

export interface Piece {
  text: string;
  /** Class names, or nothing. */
  class?: string;
}

const SEQUENCE =
  /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])|\u009b([0-?]*)[ -/]*([@-~])/g;

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

interface Pen {
  colour: string | null;
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Pen = { colour: null, bold: false, faint: false, italic: false, underline: false };

/** Whether there is anything to render or strip. */
export function hasAnsi(text: string): boolean {
  return text.includes('\u001b') || text.includes('\u009b');
}

/** The text alone. */
export function stripAnsi(text: string): string {
  return hasAnsi(text) ? text.replace(SEQUENCE, '') : text;
}

/** The text in pieces of one look each. */
export function ansiPieces(text: string): Piece[] {
  if (!hasAnsi(text)) return [{ text }];
  const pieces: Piece[] = [];
  let pen = PLAIN;
  let from = 0;
  const add = (until: number) => {
    const part = text.slice(from, until);
    if (part === '') return;
    const look = classOf(pen);
    const last = pieces.at(-1);
    if (last && (last.class ?? '') === look) last.text += part;
    else pieces.push(look === '' ? { text: part } : { text: part, class: look });
  };
  for (const found of text.matchAll(SEQUENCE)) {
    add(found.index);
    from = found.index + found[0].length;
    if ((found[2] ?? found[4]) === 'm') pen = changed(pen, found[1] ?? found[3] ?? '');
  }
  add(text.length);
  return pieces;
}

function classOf(pen: Pen): string {
  return [
    pen.colour === null ? '' : `ansi-${pen.colour}`,
    pen.bold ? 'ansi-bold' : '',
    pen.faint ? 'ansi-faint' : '',
    pen.italic ? 'ansi-italic' : '',
    pen.underline ? 'ansi-underline' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}

function changed(before: Pen, parameters: string): Pen {
  const pen = { ...before };
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(pen, PLAIN);
    else if (code === 1) pen.bold = true;
    else if (code === 2) pen.faint = true;
    else if (code === 3) pen.italic = true;
    else if (code === 4) pen.underline = true;
    else if (code === 22) pen.bold = pen.faint = false;
    else if (code === 23) pen.italic = false;
    else if (code === 24) pen.underline = false;
    else if (code === 39) pen.colour = null;
    else if (code >= 30 && code <= 37) pen.colour = NAMES[code - 30] ?? null;
    else if (code >= 90 && code <= 97) pen.colour = NAMES[code - 90] ?? null;
    else if (code === 38 || code === 48) {
      // 5;n is one of 256 colours, 2;r;g;b any. Only the first sixteen have a place in this page's palette.
      const index = codes[at + 2] ?? 0;
      if (code === 38) pen.colour = codes[at + 1] === 5 && index < 16 ? (NAMES[index % 8] ?? null) : null;
      at += codes[at + 1] === 5 ? 2 : codes[at + 1] === 2 ? 4 : 0;
    }
  }
  return pen;
}
