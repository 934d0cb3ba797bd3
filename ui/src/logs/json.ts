export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The object that a message is; `null` for all other text. */
export function jsonOf(message: string): Readonly<Record<string, Json>> | null {
  const text = message.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  try {
    return JSON.parse(text) as Readonly<Record<string, Json>>;
  } catch {
    return null;
  }
}

/** Columns of lines: a JSON field of the same name is asked for with a prefix. */
const LINE_COLUMNS = new Set([
  'time',
  'time_nsec',
  'stamped_time',
  'cluster',
  'node',
  'namespace',
  'pod',
  'pod_uid',
  'container',
  'container_id',
  'stream',
  'file',
  'offset',
  'sequence',
  'joined_lines',
  'level',
  'truncated_bytes',
  'invalid_bytes',
  'message',
]);

/** How the log language names a path in a message. */
export function fieldName(path: string): string {
  return LINE_COLUMNS.has(path) || path.startsWith('json.') ? `json.${path}` : path;
}

const DEEPEST = 4;

/** Dotted paths of single values in an object, as the log language names them, with the value as text. */
export function leaves(object: Readonly<Record<string, Json>>, prefix = '', depth = 0): [string, string][] {
  const found: [string, string][] = [];
  for (const [key, value] of Object.entries(object)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (value !== null && typeof value === 'object') {
      if (!Array.isArray(value) && depth < DEEPEST)
        found.push(...leaves(value as Readonly<Record<string, Json>>, path, depth + 1));
    } else {
      found.push([path, String(value)]);
    }
  }
  return found;
}

/** Field names that occur in the JSON of some lines, most frequent first. */
export function fieldNames(messages: Iterable<string>, most: number): string[] {
  const counts = new Map<string, number>();
  for (const message of messages) {
    const object = jsonOf(message);
    if (object) for (const [path] of leaves(object)) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, most)
    .map(([path]) => fieldName(path));
}
