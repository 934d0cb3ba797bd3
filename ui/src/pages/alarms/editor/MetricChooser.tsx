import { useState } from 'preact/hooks';
import { askValues, DIMENSION_COLUMNS, UNITS } from '../../../alarms/choices';
import { CONTAINER_INSIGHTS, dimensionSets } from '../../../alarms/containerInsights';
import type { MetricText } from '../../../alarms/queries';
import { Combobox } from '../../../app/Combobox';
import { useResource } from '../../../state/resource';
import { Field } from '../Field';
import { StatisticSelect } from './RowsFields';
import { KnownSelect } from './KnownSelect';

/** What of a metric can be wrong. */
export type MetricPart = 'Namespace' | 'MetricName' | 'Dimensions' | 'Statistic' | 'Unit';

interface Properties {
  metric: MetricText;
  set: (change: Partial<MetricText>) => void;
  fault: (part: MetricPart) => string | null;
}

/** A metric of Container Insights with exactly its dimensions, and a statistic of it. */
export function MetricChooser({ metric, set, fault }: Properties) {
  const sets = dimensionSets(metric.metricName);
  const chosen = metric.dimensions.map(({ name }) => name);
  const key = (names: readonly string[]) => [...names].sort().join(', ');
  const valuesOf = (names: readonly string[]) =>
    names.map((name) => ({ name, value: metric.dimensions.find((one) => one.name === name)?.value ?? '' }));
  const metricFault = fault('MetricName');
  const dimensionFault = fault('Dimensions');
  return (
    <>
      <div class="form-row">
        <Field label="Namespace" fault={fault('Namespace')}>
          {(field) => (
            <input
              {...field}
              value={metric.namespace}
              onInput={(event) => set({ namespace: event.currentTarget.value })}
            />
          )}
        </Field>
        <div class={`field wide ${metricFault === null ? '' : 'faulty'}`}>
          <span class="field-label">Metric</span>
          <Combobox
            label="Metric"
            value={metric.metricName === '' ? null : metric.metricName}
            choices={CONTAINER_INSIGHTS.map((value) => ({ value }))}
            free
            onChange={(value) => {
              const its = dimensionSets(value ?? '');
              // The dimensions stay where the other metric is published under them too.
              const names = its.some((one) => key(one) === key(chosen)) ? chosen : (its[0] ?? chosen);
              set({ metricName: value ?? '', dimensions: valuesOf(names) });
            }}
          />
          <p class={metricFault === null ? 'field-hint' : 'field-fault'}>{metricFault ?? ''}</p>
        </div>
      </div>
      <div class="form-row">
        <Field label="Statistic" fault={fault('Statistic')}>
          {(field) => (
            <StatisticSelect {...field} value={metric.statistic} onPick={(statistic) => set({ statistic })} />
          )}
        </Field>
        <Field label="Unit" fault={fault('Unit')}>
          {(field) => (
            <KnownSelect {...field} value={metric.unit} known={UNITS} none="any" onPick={(unit) => set({ unit })} />
          )}
        </Field>
        {sets.length > 0 && (
          <Field label="Dimensions" hint="The sets under which the metric is published." wide>
            {(field) => (
              <select
                {...field}
                value={key(chosen)}
                onChange={(event) => {
                  const names = sets.find((one) => key(one) === event.currentTarget.value);
                  if (names) set({ dimensions: valuesOf(names) });
                }}
              >
                {sets.map((one) => (
                  <option key={key(one)} value={key(one)}>
                    {one.join(', ')}
                  </option>
                ))}
                {!sets.some((one) => key(one) === key(chosen)) && (
                  <option value={key(chosen)}>{chosen.join(', ') || 'none'} (not published)</option>
                )}
              </select>
            )}
          </Field>
        )}
      </div>
      <div class="form-row">
        {metric.dimensions.map(({ name, value }, index) => (
          <Dimension
            key={name}
            name={name}
            value={value}
            onChange={(next) =>
              set({ dimensions: metric.dimensions.map((one, at) => (at === index ? { name, value: next } : one)) })
            }
            others={metric.dimensions}
          />
        ))}
      </div>
      {dimensionFault !== null && (
        <p class="field-fault" role="alert">
          {dimensionFault}
        </p>
      )}
    </>
  );
}

function Dimension({
  name,
  value,
  others,
  onChange,
}: {
  name: string;
  value: string;
  others: readonly { name: string; value: string }[];
  onChange: (value: string) => void;
}) {
  const [wanted, setWanted] = useState(false);
  const column = DIMENSION_COLUMNS[name] ?? null;
  const namespace = others.find((one) => one.name === 'Namespace')?.value ?? '';
  const where: Record<string, string[]> =
    namespace !== '' && (column === 'workload' || column === 'pod' || column === 'container')
      ? { namespace: [namespace] }
      : {};
  const { data } = useResource(wanted && column !== null ? JSON.stringify([column, where]) : null, 'once', (signal) =>
    askValues(column ?? '', where, signal),
  );
  return (
    <div class="field">
      <span class="field-label">{name}</span>
      <Combobox
        label={name}
        value={value === '' ? null : value}
        choices={(data ?? []).map((one) => ({ value: one }))}
        free
        onOpen={() => setWanted(true)}
        onType={() => setWanted(true)}
        onChange={(next) => onChange(next ?? '')}
      />
    </div>
  );
}
