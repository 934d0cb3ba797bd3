import { ask } from './http';

/** Rows of a statement. */
export type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlAnswer {
  rows: readonly SqlRow[];
  /** There were more rows than were asked for. */
  truncated: boolean;
}

/** Runs a statement that reads. `limit` is the most rows. */
export async function askSql(sql: string, signal?: AbortSignal, limit = 5000): Promise<SqlAnswer> {
  const answer = (await ask('/api/sql', { method: 'POST', body: { sql, limit }, signal })) as {
    rows: readonly SqlRow[];
    stats?: { truncated?: boolean };
  };
  return { rows: answer.rows, truncated: answer.stats?.truncated === true };
}

/** A text as a literal: whatever is in it, it ends where it should. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Milliseconds as a literal that compares with a column `time`. */
export function moment(ms: number): string {
  return literal(new Date(ms).toISOString());
}

/** A column's name. Some are words of the language: `cluster`. */
export function column(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Conditions that exact values of columns stand for, joined; `true` when there are none. `null` is no value. */
export function whereOf(values: Readonly<Record<string, string | null | readonly string[] | undefined>>): string {
  const parts = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value === null) return [`${column(name)} is null`];
    if (typeof value === 'string') return [`${column(name)} = ${literal(value)}`];
    return [value.length === 0 ? 'false' : `${column(name)} in (${value.map(literal).join(', ')})`];
  });
  return parts.length === 0 ? 'true' : parts.join(' and ');
}

/** A text of a row; `null` when it has none. */
export function rowText(row: SqlRow, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number likewise. */
export function rowNumber(row: SqlRow, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
