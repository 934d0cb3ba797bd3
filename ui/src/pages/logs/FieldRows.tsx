import { useState } from 'preact/hooks';
import { Combobox } from '../../app/Combobox';
import type { Choice } from '../../app/Combobox';
import { Icon } from '../../app/icons';
import { format } from '../../format/number';
import { FIELD_OPERATORS, MESSAGE_OPERATORS, queryOf } from '../../logs/terms';
import type { Operator, Row } from '../../logs/terms';

interface Properties {
  rows: readonly Row[];
  fields: readonly string[];
  valuesOf: (field: string) => Promise<readonly { value: string; count: number }[]>;
  onChange: (query: string) => void;
}

const MESSAGE = 'message';
const FRESH: Row = { field: '', operator: 'contains', value: '' };

/** The query as rows of field, operator and value, all of which must hold. */
export function FieldRows({ rows, fields, valuesOf, onChange }: Properties) {
  const [own, setOwn] = useState<readonly Row[]>(rows.length === 0 ? [FRESH] : rows);
  const change = (next: readonly Row[]) => {
    setOwn(next);
    const query = queryOf(next);
    if (query !== queryOf(rows)) onChange(query);
  };
  return (
    <div class="field-rows log-wide" role="group" aria-label="Conditions">
      {own.map((row, index) => (
        <FieldRow
          key={index}
          row={row}
          fields={fields}
          valuesOf={valuesOf}
          onChange={(next) => change(own.map((one, at) => (at === index ? next : one)))}
          onRemove={() => change(own.filter((_, at) => at !== index))}
        />
      ))}
      <button type="button" onClick={() => setOwn([...own, FRESH])}>
        <Icon name="plus" />
        Condition
      </button>
    </div>
  );
}

function FieldRow({
  row,
  fields,
  valuesOf,
  onChange,
  onRemove,
}: {
  row: Row;
  fields: readonly string[];
  valuesOf: Properties['valuesOf'];
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const [values, setValues] = useState<readonly Choice[]>([]);
  const operators = row.field === '' ? MESSAGE_OPERATORS : FIELD_OPERATORS;
  const bare = row.operator === 'exists' || row.operator === 'is absent';
  const rename = (name: string | null) => {
    const field = name === null || name === MESSAGE ? '' : name;
    const fitting = field === '' ? MESSAGE_OPERATORS : FIELD_OPERATORS;
    onChange({ field, operator: fitting.includes(row.operator) ? row.operator : (fitting[0] ?? 'is'), value: '' });
  };
  return (
    <div class="field-row">
      <Combobox
        label="Field"
        value={row.field === '' ? MESSAGE : row.field}
        choices={[MESSAGE, ...fields].map((value) => ({ value }))}
        free
        onChange={rename}
      />
      <select
        aria-label="Condition"
        value={row.operator}
        onChange={(event) => onChange({ ...row, operator: event.currentTarget.value as Operator })}
      >
        {operators.map((operator) => (
          <option key={operator} value={operator}>
            {operator}
          </option>
        ))}
      </select>
      {bare ? null : row.field === '' ? (
        <input
          type="text"
          aria-label="Words"
          placeholder="words"
          value={row.value}
          spellcheck={false}
          onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
        />
      ) : (
        <Combobox
          label="Value"
          value={row.value === '' ? null : row.value}
          choices={values}
          free
          onOpen={() => {
            valuesOf(row.field).then(
              (found) => setValues(found.map(({ value, count }) => ({ value, note: format('count', count) }))),
              () => setValues([]),
            );
          }}
          onChange={(value) => onChange({ ...row, value: value ?? '' })}
        />
      )}
      <button type="button" class="quiet" aria-label="Remove this condition" onClick={onRemove}>
        <Icon name="close" />
      </button>
    </div>
  );
}
