/** Exact values of columns as filters of a metric question. */
export function asFilters(where: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(where).map(([column, value]) => [column, [value]]));
}
