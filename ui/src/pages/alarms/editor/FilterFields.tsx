import { useState } from 'preact/hooks';
import { askValues } from '../../../alarms/choices';
import { newFilter, split } from '../../../alarms/filters';
import type { FilterRow } from '../../../alarms/filters';
import { Icon } from '../../../app/icons';
import { useResource } from '../../../state/resource';
import type { Part } from './part';

/** How values are compared; a row without a value is absent. */
const HOW: readonly (readonly [string, Pick<FilterRow, 'not' | 'orNone'>])[] = [
  ['is', { not: false, orNone: false }],
  ['is not', { not: true, orNone: false }],
  ['is absent or', { not: false, orNone: true }],
  ['is there, not', { not: true, orNone: true }],
];

/** Which entities count: names and what they may be. */
export function FilterFields({ form, set, names, fault }: Part & { names: readonly string[]; fault: string | null }) {
  const rows = form.filters;
  const change = (index: number, change_: Partial<FilterRow>) =>
    set({ filters: rows.map((row, at) => (at === index ? { ...row, ...change_ } : row)) });
  const free = names.filter((name) => !rows.some(({ column }) => column === name));
  return (
    <div class={`field ${fault === null ? '' : 'faulty'}`}>
      <span class="field-label">Only where</span>
      {rows.map((row, index) => (
        <div class="filter-row" key={index} role="group" aria-label={`Condition on ${row.column || 'a name'}`}>
          <select
            aria-label="Name"
            value={row.column}
            onChange={(event) => change(index, { column: event.currentTarget.value, values: '' })}
          >
            {[...new Set([row.column, ...free])]
              .filter((name) => name !== '')
              .map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </select>
          <select
            aria-label="Is or is not"
            value={HOW.findIndex(([, one]) => one.not === row.not && one.orNone === row.orNone)}
            onChange={(event) => change(index, HOW[Number(event.currentTarget.value)]?.[1] ?? {})}
          >
            {HOW.map(([word], place) => (
              <option key={word} value={place}>
                {word}
              </option>
            ))}
          </select>
          <Values
            row={row}
            others={rows.filter((other) => other !== row)}
            onChange={(values) => change(index, { values })}
          />
          <button
            type="button"
            class="quiet"
            aria-label={`Remove the condition on ${row.column}`}
            onClick={() => set({ filters: rows.filter((other) => other !== row) })}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <p>
        <button
          type="button"
          disabled={free.length === 0}
          onClick={() => set({ filters: [...rows, newFilter(free[0] ?? '')] })}
        >
          <Icon name="plus" />
          Add a condition
        </button>
      </p>
      <p class={fault === null ? 'field-hint' : 'field-fault'}>
        {fault ??
          (rows.length === 0
            ? 'Without a condition every one counts.'
            : 'Several values with commas; * stands for anything.')}
      </p>
    </div>
  );
}

/** Narrowed by what the other conditions name exactly. */
const NARROWING: ReadonlySet<string> = new Set(['cluster', 'namespace', 'node', 'workload']);

function Values({
  row,
  others,
  onChange,
}: {
  row: FilterRow;
  others: readonly FilterRow[];
  onChange: (values: string) => void;
}) {
  const [wanted, setWanted] = useState(false);
  const where = Object.fromEntries(
    others
      .filter(({ column, not, values }) => NARROWING.has(column) && column !== 'node' && !not && !values.includes('*'))
      .map(({ column, values }) => [column, split(values)])
      .filter(([, values]) => values && values.length > 0),
  ) as Record<string, string[]>;
  const known = ['cluster', 'namespace', 'node', 'workload', 'workload_kind', 'pod', 'container'].includes(row.column);
  const { data } = useResource(wanted && known ? JSON.stringify([row.column, where]) : null, 'once', (signal) =>
    askValues(row.column, row.column === 'node' || row.column === 'cluster' ? {} : where, signal),
  );
  return (
    <>
      <input
        aria-label={`Values of ${row.column}`}
        list={`values-${row.column}`}
        value={row.values}
        placeholder={row.orNone ? '' : 'shop, kube-*'}
        onFocus={() => setWanted(true)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={`values-${row.column}`}>
        {(data ?? []).map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </>
  );
}
