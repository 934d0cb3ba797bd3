import { isRecord, recordOf } from './read';
import type { Fields } from './read';

/** `Filters` of a definition as rows of a form. Pure. */

/** Values of a column that count, or, with `not`, that do not. Values may have `*`. */
export interface FilterRow {
  column: string;
  not: boolean;
  /** Separated by commas; one that has a comma itself stands in double quotes. */
  values: string;
  /** Whether rows without a value belong to them. */
  orNone: boolean;
  /** Whether a value alone is written as a list. The server answers with the value itself. */
  listed: boolean;
}

export function newFilter(column: string): FilterRow {
  return { column, not: false, values: '', orNone: false, listed: false };
}

/** A filter is a value, a list of values, or `{"not": …}` of either; `null` is a row without a value. */
export function filterRows(written: unknown): FilterRow[] {
  return Object.entries(recordOf(written)).map(([column, value]) => {
    const not = isRecord(value);
    const inner: unknown = not ? value.not : value;
    const all: unknown[] = Array.isArray(inner) ? inner : inner === undefined ? [] : [inner];
    const values = all.filter((one) => one !== null && typeof one !== 'object').map(String);
    return { column, not, values: joined(values), orNone: all.includes(null), listed: Array.isArray(inner) };
  });
}

/** A row that names no value yet is left out. */
export function filtersOf(rows: readonly FilterRow[]): Fields {
  return Object.fromEntries(
    rows
      .map((row) => ({ ...row, all: [...(row.orNone ? [null] : []), ...split(row.values)] }))
      .filter(({ column, all }) => column !== '' && all.length > 0)
      .map(({ column, not, listed, all }) => {
        const value = all.length === 1 && !listed ? all[0] : all;
        return [column, not ? { not: value } : value];
      }),
  );
}

/** A row in words: `namespace is shop, kube-*`. */
export function filterWords({ column, not, values, orNone }: FilterRow): string {
  const all = [...split(values), ...(orNone ? ['absent'] : [])];
  return `${column} ${not ? 'is not' : 'is'} ${all.join(', ')}`;
}

/** Parts between commas, without blanks around them. A part in double quotes may have commas. */
export function split(text: string): string[] {
  const parts = text.match(/(?:\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,])+/g) ?? [];
  return parts
    .map((part) => part.trim())
    .map((part) => (/^"(?:[^"\\]|\\.)*"$/.test(part) ? part.slice(1, -1).replace(/\\(.)/g, '$1') : part))
    .filter((part) => part !== '');
}

/** The text that is split into these. */
function joined(parts: readonly string[]): string {
  const quoted = (part: string) =>
    part.includes(',') || part.startsWith('"') || part !== part.trim() ? `"${part.replace(/(["\\])/g, '\\$1')}"` : part;
  return parts.map(quoted).join(', ');
}
