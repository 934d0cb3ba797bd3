import { askColumns, ENTITIES, STATISTICS } from '../../../alarms/choices';
import { CONTAINER_INSIGHTS } from '../../../alarms/containerInsights';
import { Combobox } from '../../../app/Combobox';
import { useResource } from '../../../state/resource';
import { Field, type FieldTies } from '../Field';
import { FilterFields } from './FilterFields';
import { GroupFields } from './GroupFields';
import type { Part } from './part';
import { KnownSelect } from './KnownSelect';

/** Entity, metric, statistic, filters, what has a state of its own. */
export function RowsFields(part: Part) {
  const { form, set, judged } = part;
  const { data } = useResource(form.entity, 'once', (signal) => askColumns(form.entity, signal));
  const prefix = `${form.entity}_`;
  const choices = [
    ...(data?.metrics ?? []).map(({ name }) => ({ value: name })),
    ...CONTAINER_INSIGHTS.filter((name) => name.startsWith(prefix)).map((value) => ({
      value,
      note: 'Container Insights',
    })),
  ];
  const help = data?.metrics.find(({ name }) => name === form.metric)?.help;
  const metricFault = judged.at('Source.Rows.Metric');
  const names = data?.names ?? [];
  return (
    <>
      <div class="form-row">
        <Field label="Entity" fault={judged.at('Source.Rows.Entity')}>
          {(field) => (
            <select
              {...field}
              value={form.entity}
              onChange={(event) => set({ entity: event.currentTarget.value, metric: '', filters: [], groupBy: [] })}
            >
              {ENTITIES.map(([entity, word]) => (
                <option key={entity} value={entity}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class={`field wide ${metricFault === null ? '' : 'faulty'}`}>
          <span class="field-label">Metric</span>
          <Combobox
            label="Metric"
            value={form.metric === '' ? null : form.metric}
            choices={choices}
            free
            onChange={(value) => set({ metric: value ?? '' })}
          />
          <p class={metricFault === null ? 'field-hint' : 'field-fault'}>{metricFault ?? help ?? ''}</p>
        </div>
        <Field
          label="Statistic"
          hint={STATISTICS.find(([one]) => one === form.statistic)?.[1]}
          fault={judged.at('Source.Rows.Statistic')}
        >
          {(field) => <StatisticSelect {...field} value={form.statistic} onPick={(statistic) => set({ statistic })} />}
        </Field>
      </div>
      <FilterFields {...part} names={names} fault={judged.at('Source.Rows.Filters')} />
      <GroupFields {...part} names={names} fault={judged.at('Source.Rows.GroupBy')} />
    </>
  );
}

export function StatisticSelect(properties: FieldTies & { value: string; onPick: (statistic: string) => void }) {
  return <KnownSelect {...properties} known={STATISTICS.map(([one]) => one)} />;
}
