import { FUNCTIONS } from './functions';

/** An expression of metric math while it is typed: what it refers to, and what could stand at a place. Pure. */

/** Texts in quotes, numbers, words, anything else: enough to know what a word is. */
const PARTS =
  /(?<text>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z][A-Za-z0-9_]*)/g;

export interface Reference {
  id: string;
  /** Which character it begins at, from 0. */
  at: number;
}

/** The ids that an expression refers to; they begin in lower case. */
export function references(expression: string): Reference[] {
  const found: Reference[] = [];
  for (const part of expression.matchAll(PARTS)) {
    const word = part.groups?.word;
    if (word !== undefined && /^[a-z]/.test(word)) found.push({ id: word, at: part.index });
  }
  return found;
}

/** What an id may be: letters, digits and underscores, the first a lower-case letter. */
export function isId(text: string): boolean {
  return /^[a-z][A-Za-z0-9_]{0,254}$/.test(text);
}

/** The word that the caret is in or behind. */
export function wordAt(text: string, caret: number): { word: string; start: number } | null {
  const before = /[A-Za-z][A-Za-z0-9_]*$/.exec(text.slice(0, caret));
  if (!before || /\d$/.test(text.slice(0, before.index))) return null;
  // Within quotes nothing of it is a function.
  for (const part of text.matchAll(PARTS)) {
    const end = part.index + part[0].length;
    if (part.groups?.text !== undefined && part.index < caret && (caret < end || !closed(part[0]))) return null;
  }
  const after = /^[A-Za-z0-9_]*/.exec(text.slice(caret))?.[0] ?? '';
  return { word: before[0] + after, start: before.index };
}

function closed(quoted: string): boolean {
  return quoted.length > 1 && quoted.endsWith(quoted.charAt(0));
}

export interface Suggestion {
  name: string;
  /** What it does, or what the id stands for. */
  note: string;
  isFunction: boolean;
}

/** Ids and functions that begin with a word; ids first where the word is in lower case. */
export function suggestions(word: string, ids: readonly { id: string; note: string }[]): Suggestion[] {
  const wanted = word.toUpperCase();
  const fits = (name: string) => name.toUpperCase().startsWith(wanted);
  const own = ids
    .filter(({ id }) => id !== '' && fits(id))
    .map(({ id, note }) => ({ name: id, note, isFunction: false }));
  const known = FUNCTIONS.filter(({ name }) => fits(name)).map(({ name, does }) => ({
    name,
    note: does,
    isFunction: true,
  }));
  const all = /^[a-z]/.test(word) ? [...own, ...known] : [...known, ...own];
  // Nothing is left to be said about a word that is written out.
  return all.length === 1 && all[0]?.name === word ? [] : all;
}

/** The text with a suggestion in place of the word at the caret, and where the caret is then. */
export function accepted(
  text: string,
  caret: number,
  { name, isFunction }: Pick<Suggestion, 'name' | 'isFunction'>,
): { text: string; caret: number } {
  const at = wordAt(text, caret) ?? { word: '', start: caret };
  const rest = text.slice(at.start + at.word.length);
  const opened = isFunction && !rest.startsWith('(');
  const put = opened ? `${name}()` : name;
  const within = at.start + name.length + (isFunction ? 1 : 0);
  return { text: text.slice(0, at.start) + put + rest, caret: within };
}

/** What stands around the character at fault, which is counted from 1. `null` where there is no such character. */
export function excerptAt(text: string, character: number): { before: string; at: string; after: string } | null {
  const all = Array.from(text);
  if (character < 1 || character > all.length + 1) return null;
  const from = Math.max(0, character - 1 - AROUND);
  return {
    before: (from > 0 ? '…' : '') + all.slice(from, character - 1).join(''),
    at: all[character - 1] ?? '',
    after: all.slice(character, character + AROUND).join('') + (all.length > character + AROUND ? '…' : ''),
  };
}

const AROUND = 16;

/** The character that a message of the server names: `character 5: …`. */
export function characterOf(message: string): number | null {
  const found = /\bcharacter (\d+)/i.exec(message);
  return found ? Number(found[1]) : null;
}
