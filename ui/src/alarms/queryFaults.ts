import type { KeyFault } from '../api/problem';
import { METRICS_PERIOD } from './faults';
import { isId, references } from './expression';
import type { QueryRow } from './queries';

/** Faults of `Metrics`: those that can be told while one types, and where those of the server belong. Pure. */

/** Wrong ids, ids that are there twice, and ids that nothing has. Items are counted from 1, as the server does. */
export function faultsOfRows(rows: readonly QueryRow[]): KeyFault[] {
  const ids = rows.map(({ id }) => id);
  return rows.flatMap((row, at) => [...idFault(ids, at), ...referenceFaults(row, ids, at)]);
}

function idFault(ids: readonly string[], at: number): KeyFault[] {
  const id = ids[at] ?? '';
  const key = `Metrics[${at + 1}].Id`;
  if (!isId(id)) return [{ key, message: 'begins with a lower-case letter, and has letters, digits and _' }];
  if (ids.indexOf(id) < at) return [{ key, message: `the id ${id} is there twice` }];
  return [];
}

function referenceFaults({ id, expression }: QueryRow, ids: readonly string[], at: number): KeyFault[] {
  if (expression === null) return [];
  const unknown = references(expression).find((one) => !ids.includes(one.id));
  const key = `Metrics[${at + 1}].Expression`;
  if (unknown) {
    const others = [...new Set(ids)].filter((other) => other !== id && other !== '');
    const known = others.length === 0 ? 'there is no other' : `there are ${others.join(', ')}`;
    return [{ key, message: `character ${unknown.at + 1}: nothing has the id ${unknown.id}; ${known}` }];
  }
  return references(expression).some((one) => one.id === id) ? [{ key, message: `it refers to itself, ${id}` }] : [];
}

/** The server's faults of all of `Metrics`, at the row whose id or metric they name. */
export function located(fault: KeyFault, rows: readonly QueryRow[]): KeyFault {
  if (fault.key !== 'Metrics' && fault.key !== 'MetricName') return fault;
  const { message } = fault;
  if (fault.key === 'Metrics' && /\bPeriod\b/.test(message)) return { key: METRICS_PERIOD, message };
  const id = ID_OF.map((one) => one.exec(message)).find((found) => found !== null);
  if (id) {
    const at = rows.findIndex((row) => row.id === id[1]);
    if (at >= 0)
      return {
        key: `Metrics[${at + 1}].Expression`,
        message: message.startsWith('expressions') ? message : message.replace(id[0], id[2] ?? '').trim(),
      };
  }
  const metric = rows.findIndex(({ expression, metric: { metricName, namespace } }) => {
    if (expression !== null || metricName === '') return false;
    return new RegExp(
      `has no metric '${escaped(metricName)}'|^${escaped(metricName)} is in |namespace '${escaped(namespace)}'`,
    ).test(message);
  });
  if (metric < 0) return fault;
  const part = / is in .*of samples/.test(message)
    ? 'Unit'
    : message.includes('namespace')
      ? 'Metric.Namespace'
      : 'Metric.MetricName';
  return { key: `Metrics[${metric + 1}].MetricStat.${part}`, message };
}

/** How messages name an expression; what is left of its beginning stands in the second group. */
const ID_OF: readonly RegExp[] = [
  /^expression '(\w+)'(?:: |, )()/,
  /^expression '(\w+)'( is )/,
  /^'(\w+)'( is (?:an array|no band))/,
  /^expressions refer to each other in a ring: (\w+)()(?= →)/,
];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Those told here, and those of the server for what nothing is told of here. */
export function merged(own: readonly KeyFault[], server: readonly KeyFault[]): KeyFault[] {
  const told = new Set(own.map(({ key }) => key));
  return [...own, ...server.filter(({ key }) => !told.has(key))];
}
