/** Values of a definition, of whatever shape they are: what has another shape is as if it were not there. Pure. */

export type Fields = Readonly<Record<string, unknown>>;

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number as it is typed; a text is kept, for it may be what somebody typed in place of a number. */
export function numberText(value: unknown, otherwise: string): string {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : otherwise;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

/** The fields that are none of these. */
export function without(fields: Fields, keys: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.has(key)));
}

/** Names and values, written as CloudWatch does (a list of objects whose first key is `name`) or, shorter, as an object. */
export function namesAndValues(value: unknown, name: string): { name: string; value: string }[] {
  if (isRecord(value)) return Object.entries(value).map(([key, one]) => ({ name: key, value: textOf(one) }));
  return listOf(value).map((one) => ({ name: textOf(recordOf(one)[name]), value: textOf(recordOf(one).Value) }));
}

/** A field, unless it is empty. */
export function given(key: string, value: string): Fields {
  return value === '' ? {} : { [key]: value };
}

/** A list, unless it is empty. */
export function list(key: string, values: readonly unknown[]): Fields {
  return values.length === 0 ? {} : { [key]: [...values] };
}

/** A number as it was typed; what is none is sent as it is, so that the server says what is wrong with it. */
export function count(key: string, value: string): Fields {
  const trimmed = value.trim();
  if (trimmed === '') return {};
  const number = Number(trimmed);
  return { [key]: Number.isFinite(number) ? number : trimmed };
}
