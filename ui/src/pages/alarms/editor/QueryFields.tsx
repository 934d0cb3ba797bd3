import { useEffect, useState } from 'preact/hooks';
import { queryWords } from '../../../alarms/queries';
import type { QueryRow } from '../../../alarms/queries';
import { Icon } from '../../../app/icons';
import { Field } from '../Field';
import { ExpressionField } from './ExpressionField';
import { MetricChooser } from './MetricChooser';
import { metricFault } from './metricFault';
import type { Judgement } from './useJudgement';

interface Properties {
  row: QueryRow;
  /** Its place among `rows`, from 0. */
  at: number;
  rows: readonly QueryRow[];
  judged: Judgement;
  isFirst: boolean;
  isLast: boolean;
  change: (change: Partial<QueryRow>) => void;
  rename: (id: string) => void;
  choose: () => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

/** One metric or expression. */
export function QueryFields({
  row,
  at,
  rows,
  judged,
  isFirst,
  isLast,
  change,
  rename,
  choose,
  move,
  remove,
}: Properties) {
  const key = `Metrics[${at + 1}]`;
  const name = row.id === '' ? `number ${at + 1}` : row.id;
  const fault = judged.at(key, `${key}.MetricStat.Period`);
  const others = rows.filter((one) => one !== row && !one.band).map((one) => ({ id: one.id, note: queryWords(one) }));
  return (
    <div
      class={`query ${row.returned ? 'chosen' : ''}`}
      role="group"
      aria-label={`${row.expression === null ? 'Metric' : 'Expression'} ${name}`}
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
        if (!event.altKey || by === undefined) return;
        event.preventDefault();
        move(by);
      }}
    >
      <div class="query-head">
        <label class="radio">
          <input type="radio" name="returned" checked={row.returned} onChange={choose} />
          The alarm looks at it
        </label>
        <span class="query-tools">
          <Tool on="up" icon="up" label={`Move ${name} up`} disabled={isFirst} onPick={() => move(-1)} />
          <Tool on="down" icon="down" label={`Move ${name} down`} disabled={isLast} onPick={() => move(1)} />
          <Tool on="remove" icon="close" label={`Remove ${name}`} onPick={remove} />
        </span>
      </div>
      <div class="query-names">
        <Field label="Id" fault={judged.at(`${key}.Id`)}>
          {(field) => (
            <input
              {...field}
              class="mono"
              data-on="id"
              spellcheck={false}
              autocapitalize="off"
              value={row.id}
              onInput={(event) => rename(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Label" fault={judged.at(`${key}.Label`)}>
          {(field) => (
            <input {...field} value={row.label} onInput={(event) => change({ label: event.currentTarget.value })} />
          )}
        </Field>
      </div>
      {row.expression === null ? (
        <Metric row={row} at={at} judged={judged} change={change} />
      ) : (
        <ExpressionField
          value={row.expression}
          ids={others}
          fault={judged.at(`${key}.Expression`)}
          onChange={(expression) => change({ expression })}
        />
      )}
      {fault !== null && (
        <p class="field-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** A metric that is chosen folds into its words. */
function Metric({ row, at, judged, change }: Pick<Properties, 'row' | 'at' | 'judged' | 'change'>) {
  const wrong = (['Namespace', 'MetricName', 'Dimensions', 'Statistic', 'Unit'] as const).some(
    (part) => metricFault(judged, at, part) !== null,
  );
  const empty = row.metric.metricName === '' || row.metric.dimensions.some(({ value }) => value === '');
  const [open, setOpen] = useState(empty);
  useEffect(() => {
    // Nothing that is wrong is folded away; what was opened stays open until it is closed.
    if (wrong) setOpen(true);
  }, [wrong]);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary data-on="metric">{queryWords(row)}</summary>
      <MetricChooser
        metric={row.metric}
        set={(metric) => change({ metric: { ...row.metric, ...metric } })}
        fault={(part) => metricFault(judged, at, part)}
      />
    </details>
  );
}

function Tool({
  on,
  icon,
  label,
  disabled = false,
  onPick,
}: {
  on: string;
  icon: 'up' | 'down' | 'close';
  label: string;
  disabled?: boolean;
  onPick: () => void;
}) {
  return (
    <button
      type="button"
      class="quiet"
      data-on={on}
      disabled={disabled}
      aria-label={label}
      title={label}
      onClick={onPick}
    >
      <Icon name={icon} />
    </button>
  );
}
