import type { LogFilter, LogFilters, LogOrder, LogSelection } from '../api/logs';
import { LEVELS } from './level';

/** What the page of logs shows, as its address says. Pure. */
export interface LogView extends LogSelection {
  /** How the query is written: as text, or row by row. */
  mode: 'text' | 'fields';
  order: LogOrder;
  /** Levels to see; empty is all. `none` is a line in which none was found. */
  levels: readonly string[];
  /** Columns between time and message. */
  columns: readonly string[];
  /** Facets besides the usual ones. */
  facets: readonly string[];
  wrap: boolean;
  /** Whether escape sequences are shown as colours or left out. */
  colours: boolean;
  /** Whether new lines are followed. */
  tail: boolean;
  /** The line whose neighbours are shown. */
  around: string | null;
}

/** Exact values, or patterns with `*`, that the address narrows to. */
export const SCOPE_KEYS = [
  'cluster',
  'node',
  'namespace',
  'pod',
  'pod_uid',
  'container',
  'container_id',
  'stream',
] as const;

/** Those of the scope that this page itself offers to choose. */
export const OWN_KEYS = ['pod', 'container', 'stream'] as const;

/** Columns of a line that can be shown beside its message. */
export const COLUMNS = ['level', 'cluster', 'node', 'namespace', 'pod', 'container', 'stream', 'file'] as const;

/** Facets that are always there, as far as lines have values. */
export const FACETS = ['level', 'namespace', 'pod', 'container', 'stream', 'node'] as const;

const USUAL_COLUMNS: readonly string[] = ['level', 'pod', 'container'];

/** The usual columns less those in which, by the scope, every line has the same. */
export function usualColumns(params: URLSearchParams): readonly string[] {
  const fixed = (key: string) => {
    const value = params.get(key);
    return value !== null && !value.includes('*');
  };
  const one = { pod: fixed('pod') || fixed('pod_uid'), container: fixed('container') || fixed('container_id') };
  return USUAL_COLUMNS.filter((name) => !(name in one) || !one[name as keyof typeof one]);
}

export function viewOf(params: URLSearchParams): LogView {
  const levels = list(params.get('level')).filter((level) => level === 'none' || LEVELS.some((one) => one === level));
  const columns = params.get('cols');
  return {
    filters: filtersOf(params, levels),
    query: params.get('q') ?? '',
    mode: params.get('mode') === 'fields' ? 'fields' : 'text',
    order: params.get('order') === 'oldest' ? 'oldest' : 'newest',
    levels,
    columns:
      columns === null ? usualColumns(params) : list(columns).filter((name) => COLUMNS.some((one) => one === name)),
    facets: list(params.get('facets')),
    wrap: params.get('wrap') === 'on',
    colours: params.get('ansi') !== 'off',
    tail: params.get('tail') === 'on',
    around: params.get('around'),
  };
}

function filtersOf(params: URLSearchParams, levels: readonly string[]): LogFilters {
  const filters: Record<string, LogFilter> = {};
  for (const key of SCOPE_KEYS) {
    const value = params.get(key);
    if (value !== null && value !== '') filters[key] = [value];
  }
  if (levels.length > 0) filters.level = levels.map((level) => (level === 'none' ? null : level));
  return filters;
}

function list(text: string | null): string[] {
  return [...new Set((text ?? '').split(',').filter((part) => part !== ''))];
}

/** A list with one more or one fewer; `null` when nothing is left, for the address. */
export function toggled(values: readonly string[], value: string): string | null {
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length === 0 ? null : next.join(',');
}

/** Which lines, in a text that is equal when the question is. */
export function selectionKey({ filters, query }: LogSelection): string {
  return JSON.stringify([filters, query]);
}
