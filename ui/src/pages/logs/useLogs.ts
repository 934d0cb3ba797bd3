import { signal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { serverNow } from '../../api/http';
import { askLedger, askLogs } from '../../api/logs';
import type { LogAnswer, LogFilters, LogLedger, LogQuestion, LogSelection } from '../../api/logs';
import { FACETS, selectionKey } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { LinePages } from '../../logs/pages';
import { now, range } from '../../state/clock';
import { spanOf } from '../../state/range';
import type { Span } from '../../state/range';
import { useResource } from '../../state/resource';
import type { Resource } from '../../state/resource';

/** Lines in one answer. */
const PAGE = 500;
const BUCKETS = 80;
const FACET_VALUES = 8;
const MOST_VALUES = 200;

/** How often what is counted is counted again while new lines are followed: it reads what is stored, the tail does not. */
const TAIL_COUNTS_MS = 30_000;

/** Moves when the reader asks the same again. */
export const again = signal(0);

/**
 * The range with both ends known, which stay until another question is asked: while one reads, lines do not move.
 * Only a live tail, whose lines move anyhow, lets the range follow the clock.
 */
export function useAskedSpan(view: LogView): Span {
  const tick = view.tail ? Math.floor(now.value / TAIL_COUNTS_MS) : 0;
  const key = JSON.stringify([selectionKey(view), range.value, again.value, tick]);
  return useMemo(() => {
    const { start, end } = spanOf(range.peek(), serverNow());
    return { start: Math.floor(start), end: Math.ceil(end) };
  }, [key]);
}

export function times(span: Span): Pick<LogQuestion, 'start' | 'end'> {
  return { start: new Date(span.start).toISOString(), end: new Date(span.end).toISOString() };
}

let epochs = 0;

/** The lines of a view. The ones before stay until the first new ones are there. */
export function usePages(view: LogView, span: Span): { pages: LinePages | null; asked: LinePages } {
  // A tail gives the pages up that were there before it.
  const key = JSON.stringify([selectionKey(view), span, view.order, view.tail]);
  const asked = useMemo(
    () =>
      new LinePages((epochs += 1), view.order, async (after, signal) => {
        const { filters, query, order } = view;
        const answer = await askLogs(
          { ...times(span), filters, query, order, limit: PAGE, ...(after === null ? {} : { after }) },
          signal,
        );
        return { lines: answer.lines ?? [], next: answer.next ?? null };
      }),
    [key],
  );
  const [pages, setPages] = useState<LinePages | null>(null);
  useEffect(() => {
    if (view.tail) return undefined;
    void asked.begin().then(() => {
      if (asked.problem === null && !asked.waiting) setPages(asked);
    });
    return () => asked.stop();
  }, [asked, view.tail]);
  return { pages, asked };
}

/** The histogram and the facets of a view. */
export function useCounts(view: LogView, span: Span): Resource<LogAnswer> {
  const facets = [...new Set([...FACETS, ...view.facets])];
  const subject = JSON.stringify([selectionKey(view), facets, view.tail ? range.value : span]);
  return useResource(subject, span.end, (signal) =>
    askLogs(
      {
        ...times(span),
        filters: view.filters,
        query: view.query,
        histogram: { buckets: BUCKETS },
        facets,
        facet_values: FACET_VALUES,
        lines: false,
      },
      signal,
    ),
  );
}

const LEDGER_KEYS = ['cluster', 'node', 'namespace', 'pod', 'pod_uid', 'container'];

/** Where in the range lines are missing. */
export function useLedger(view: LogView, span: Span): Resource<LogLedger> {
  const filters: LogFilters = Object.fromEntries(
    Object.entries(view.filters).filter(([column]) => LEDGER_KEYS.includes(column)),
  );
  const subject = JSON.stringify([filters, view.tail ? range.value : span]);
  return useResource(subject, span.end, (signal) => askLedger({ ...times(span), filters }, signal));
}

/** The most frequent values of a field among the lines of a selection. */
export async function valuesOf(
  { filters, query }: LogSelection,
  span: Span,
  field: string,
  typed = '',
): Promise<readonly { value: string; count: number }[]> {
  // Without the condition on the field itself: the others are what one wants to choose from.
  const others: LogFilters = Object.fromEntries(Object.entries(filters).filter(([column]) => column !== field));
  // Of very many values the most frequent are told, so a part of the name is asked for.
  const part = typed.trim().replaceAll('*', '');
  const answer = await askLogs({
    ...times(span),
    filters: part === '' ? others : { ...others, [field]: [`*${part}*`] },
    query,
    facets: [field],
    facet_values: MOST_VALUES,
    lines: false,
  });
  return answer.facets?.[field]?.values ?? [];
}
