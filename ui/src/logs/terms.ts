/**
 * The query text as rows of field, operator and value, for the builder, and back. Only what is ANDed has rows; a
 * text with OR, parentheses or something unfinished stays a text.
 */

export type Operator = 'is' | 'is not' | 'contains' | 'matches' | '>' | '>=' | '<' | '<=' | 'exists' | 'is absent';

export interface Row {
  /** Empty is the message. */
  field: string;
  operator: Operator;
  value: string;
}

/** What can be asked of a field. */
export const FIELD_OPERATORS: readonly Operator[] = [
  'is',
  'is not',
  'matches',
  '>',
  '>=',
  '<',
  '<=',
  'exists',
  'is absent',
];

/** What can be asked of the message: words and phrases. */
export const MESSAGE_OPERATORS: readonly Operator[] = ['contains', 'is not', 'matches'];

const NAME = /^[\p{L}_@$][\p{L}\p{N}_.@$/-]*/u;
const BARE = /^[^\s:"'/()<>=,-][^\s:"'()<>=,]*$/u;

/** A value as it stands in a query: bare where that reads as the same, else quoted. */
export function quoted(value: string): string {
  const word = /^(?:OR|AND|NOT)$/i.test(value);
  return BARE.test(value) && !value.includes('*') && !word ? value : phrase(value);
}

/** A text in quotation marks, on one line. */
function phrase(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

/** The condition that a field has a value. */
export function condition(field: string, value: string, not = false): string {
  return `${not ? '-' : ''}${field}:${quoted(value)}`;
}

/** A query with one more condition; the same one is not written twice, and its opposite is taken out. */
export function withCondition(query: string, added: string): string {
  const opposite = added.startsWith('-') ? added.slice(1) : `-${added}`;
  const parts = split(query);
  if (!parts) return `(${query.trim()}) ${added}`;
  return [...parts.filter((part) => part !== added && part !== opposite), added].join(' ');
}

/** The rows of a query; `null` when it is more than conditions that must all hold. */
export function rowsOf(query: string): Row[] | null {
  const parts = split(query);
  if (!parts) return null;
  const rows: Row[] = [];
  for (const part of parts) {
    const row = rowOf(part);
    if (!row) return null;
    rows.push(row);
  }
  return rows;
}

/** Rows as a query. Rows that are not filled in are left out. */
export function queryOf(rows: readonly Row[]): string {
  return rows
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ');
}

function textOf({ field, operator, value }: Row): string {
  if (field === '') {
    if (value === '') return '';
    if (operator === 'matches') return regex(value);
    return `${operator === 'is not' ? '-' : ''}${quoted(value)}`;
  }
  if (operator === 'exists') return `${field}:*`;
  if (operator === 'is absent') return `-${field}:*`;
  if (value === '') return '';
  if (operator === 'matches') return `${field}:${regex(value)}`;
  if (operator === 'is') return condition(field, value);
  if (operator === 'is not') return condition(field, value, true);
  return `${field}:${operator}${value}`;
}

function regex(value: string): string {
  return `/${value.replaceAll(/(?<!\\)\//g, '\\/')}/`;
}

function unescaped(_: string, mark: string): string {
  return mark === 'n' ? '\n' : mark === 't' ? '\t' : mark;
}

function unquoted(text: string): string | null {
  if (text.startsWith('"')) return text.endsWith('"') ? text.slice(1, -1).replaceAll(/\\([nt"\\])/g, unescaped) : null;
  if (text.startsWith("'")) return null;
  return text.includes(',') || text.includes('*') ? null : text;
}

function rowOf(part: string): Row | null {
  const not = part.startsWith('-');
  const rest = not ? part.slice(1) : part;
  const name = NAME.exec(rest)?.[0];
  if (name !== undefined && rest.charAt(name.length) === ':') return fieldRow(name, rest.slice(name.length + 1), not);
  const expression = /^\/(.*)\/$/s.exec(rest)?.[1];
  if (expression !== undefined)
    return not ? null : { field: '', operator: 'matches', value: expression.replaceAll('\\/', '/') };
  const value = unquoted(rest);
  return value === null ? null : { field: '', operator: not ? 'is not' : 'contains', value };
}

function fieldRow(field: string, text: string, not: boolean): Row | null {
  if (text === '*') return { field, operator: not ? 'is absent' : 'exists', value: '' };
  const compared = /^(>=|<=|>|<)(.*)$/s.exec(text);
  if (compared) return not ? null : { field, operator: compared[1] as Operator, value: compared[2] ?? '' };
  const expression = /^\/(.*)\/$/s.exec(text)?.[1];
  if (expression !== undefined)
    return not ? null : { field, operator: 'matches', value: expression.replaceAll('\\/', '/') };
  const value = unquoted(text);
  return value === null ? null : { field, operator: not ? 'is not' : 'is', value };
}

/** The conditions of a text, at blanks outside quotes and expressions; `null` when there is more to it. */
function split(query: string): string[] | null {
  const parts: string[] = [];
  let part = '';
  let at = 0;
  const text = query.trim();
  while (at < text.length) {
    const one = text.charAt(at);
    const fresh = part === '' || part === '-' || part.endsWith(':');
    if (/\s/.test(one)) {
      if (part !== '') parts.push(part);
      part = '';
      at += 1;
    } else if (one === '(' || one === ')') {
      return null;
    } else if (one === '"' || (fresh && (one === "'" || one === '/'))) {
      const end = closing(text, at, one);
      if (end === null) return null;
      part += text.slice(at, end + 1);
      at = end + 1;
      if (one === '/' && text.charAt(at) === 'i') return null;
    } else {
      part += one;
      at += 1;
    }
  }
  if (part !== '') parts.push(part);
  return parts.some((word) => /^(?:OR|AND|NOT|-)$/.test(word)) ? null : parts;
}

function closing(text: string, from: number, quote: string): number | null {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return null;
}

/** Conditions for the words that all lines of a pattern have, longest first; nothing when it has none. */
export function patternQuery(pattern: string, not = false): string {
  const words = pattern
    .split('<*>')
    .map((part) => part.trim())
    .filter((part) => /[\p{L}\p{N}]{2}/u.test(part))
    .sort((a, b) => b.length - a.length)
    .slice(0, 5)
    .map(phrase);
  if (words.length === 0) return '';
  if (!not) return words.join(' ');
  return words.length === 1 ? `-${words.join('')}` : `NOT (${words.join(' ')})`;
}
