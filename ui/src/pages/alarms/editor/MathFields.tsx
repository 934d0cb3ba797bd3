import { useEffect, useRef, useState } from 'preact/hooks';
import {
  changed,
  commonPeriod,
  expressionRow,
  metricRow,
  moved,
  neighbour,
  removed,
  renamed,
  returning,
} from '../../../alarms/queries';
import type { QueryRow } from '../../../alarms/queries';
import { announce } from '../../../app/announce';
import { Icon } from '../../../app/icons';
import { FunctionList } from './FunctionList';
import { QueryFields } from './QueryFields';
import type { Part } from './part';

/** CloudWatch's bounds. */
const MOST_METRICS = 10;
const MOST_ROWS = 100;

/** Metrics and expressions by their ids, one of which is looked at. */
export function MathFields({ form, set, judged }: Part) {
  const rows = form.queries;
  const listRef = useRef<HTMLOListElement>(null);
  const [focus, setFocus] = useState<{ at: number; on: 'id' | 'up' | 'down' | 'expression' | 'metric' } | null>(null);
  const metrics = rows.filter((row) => row.expression === null).length;
  const listed = rows.map((row, at) => ({ row, at })).filter(({ row }) => !row.band);
  const fault = judged.at('Metrics');
  const unread = form.rest.Metrics !== undefined;

  useEffect(() => {
    if (!focus) return;
    const item = listRef.current?.querySelector(`[data-at="${focus.at}"]`);
    const on = (name: string) => item?.querySelector<HTMLElement>(`[data-on="${name}"]:not(:disabled)`);
    // At an end of the list there is no further way: the other button is what is left.
    (on(focus.on) ?? on('up') ?? on('down') ?? on('id'))?.focus();
    setFocus(null);
  }, [focus]);

  const put = (queries: readonly QueryRow[]) => set({ queries });
  const add = (row: QueryRow, on: 'expression' | 'metric') => {
    put([...rows, row]);
    setFocus({ at: rows.length, on });
  };
  const move = (at: number, by: -1 | 1) => {
    const to = neighbour(rows, at, by);
    if (to === null) return;
    put(moved(rows, at, by));
    setFocus({ at: to, on: by < 0 ? 'up' : 'down' });
    const place = listed.findIndex((one) => one.at === to) + 1;
    announce(`${rows[at]?.id ?? ''} is now ${place} of ${listed.length}.`);
  };
  const remove = (at: number) => {
    put(removed(rows, at));
    const place = listed.findIndex((one) => one.at === at);
    const next = listed[place + 1] ?? listed[place - 1];
    if (next) setFocus({ at: next.at > at ? next.at - 1 : next.at, on: 'id' });
    announce(`${rows[at]?.id ?? ''} was removed.`);
  };

  if (unread)
    return <p class="muted">Metrics is written in a way that this form cannot show. Put it right in the JSON view.</p>;
  return (
    <div class={`field ${fault === null ? '' : 'faulty'}`}>
      <span class="field-label" id="metrics-label">
        Metrics and expressions
      </span>
      <ol class="queries" ref={listRef} aria-labelledby="metrics-label">
        {listed.map(({ row, at }, place) => (
          <li key={row.key} data-at={at}>
            <QueryFields
              row={row}
              at={at}
              rows={rows}
              judged={judged}
              isFirst={place === 0}
              isLast={place === listed.length - 1}
              change={(change) => put(changed(rows, at, change))}
              rename={(id) => put(renamed(rows, at, id))}
              choose={() => put(returning(rows, at))}
              move={(by) => move(at, by)}
              remove={() => remove(at)}
            />
          </li>
        ))}
      </ol>
      {listed.length === 0 && <p class="muted">Nothing yet. Add a metric to begin with.</p>}
      <p class="button-row">
        <button
          type="button"
          disabled={metrics >= MOST_METRICS || rows.length >= MOST_ROWS}
          onClick={() => add(metricRow(rows, periodOf(rows, form.period)), 'metric')}
        >
          <Icon name="plus" />
          Add a metric
        </button>
        <button
          type="button"
          disabled={rows.length >= MOST_ROWS}
          onClick={() => add(expressionRow(rows), 'expression')}
        >
          <Icon name="plus" />
          Add an expression
        </button>
      </p>
      <p class={fault === null ? 'field-hint' : 'field-fault'} {...(fault === null ? {} : { role: 'alert' as const })}>
        {fault ??
          (metrics >= MOST_METRICS
            ? `An alarm has at most ${MOST_METRICS} metrics.`
            : 'Expressions name the others by their ids. The one that is marked is what the alarm looks at.')}
      </p>
      <FunctionList />
    </div>
  );
}

/** What the others have, else what the form had before. */
function periodOf(rows: readonly QueryRow[], before: string): string {
  const common = commonPeriod(rows);
  return common === null || common === '' ? before : common;
}
