import type { FormKind } from '../../../alarms/form';
import { KIND_HELP, KIND_TITLES } from '../../../alarms/explain';
import { SQL_EXAMPLE } from '../../../alarms/choices';
import { toKind } from '../../../alarms/turn';
import { askVerdicts } from '../../../api/verdicts';
import { useResource } from '../../../state/resource';
import { Field } from '../Field';
import { CompositeFields } from './CompositeFields';
import { FilterFields } from './FilterFields';
import { GroupFields } from './GroupFields';
import { MathFields } from './MathFields';
import { MetricFields } from './MetricFields';
import { RowsFields } from './RowsFields';
import type { Part } from './part';

const KINDS: readonly FormKind[] = ['rows', 'metric', 'health', 'logs', 'loss', 'composite', 'sql', 'math'];

/** What the alarm looks at. */
export function SourceFields({ own, ...part }: Part & { own: string | null }) {
  const { form, set } = part;
  return (
    <fieldset class="card form-part">
      <legend>Looks at</legend>
      <Field label="Kind" hint={KIND_HELP[form.kind]}>
        {(field) => (
          <select
            {...field}
            value={form.kind}
            onChange={(event) => set(toKind(form, event.currentTarget.value as FormKind))}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_TITLES[kind]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Of {...part} own={own} />
    </fieldset>
  );
}

function Of({ own, ...part }: Part & { own: string | null }) {
  const { form, set, judged } = part;
  switch (form.kind) {
    case 'rows':
      return <RowsFields {...part} />;
    case 'metric':
      return <MetricFields {...part} />;
    case 'logs':
      return (
        <>
          <Field
            label="Lines that fit"
            hint="As in the filter of the page Logs: namespace=shop level=error timeout"
            fault={judged.at('Source.Logs.Filter')}
          >
            {(field) => (
              <input
                {...field}
                value={form.logFilter}
                onInput={(event) => set({ logFilter: event.currentTarget.value })}
              />
            )}
          </Field>
          <GroupFields
            {...part}
            names={['cluster', 'node', 'namespace', 'pod', 'container']}
            fault={judged.at('Source.Logs.GroupBy')}
          />
        </>
      );
    case 'health':
      return <HealthFields {...part} />;
    case 'loss':
      return (
        <GroupFields {...part} names={['cluster', 'node', 'namespace']} fault={judged.at('Source.Loss.GroupBy')} />
      );
    case 'sql':
      return (
        <Field
          label="Query"
          hint="The columns time and value; every other column is a label."
          fault={judged.at('Source.Sql.Query')}
        >
          {(field) => (
            <textarea
              {...field}
              class="mono"
              rows={5}
              spellcheck={false}
              placeholder={SQL_EXAMPLE}
              value={form.sql}
              onInput={(event) => set({ sql: event.currentTarget.value })}
            />
          )}
        </Field>
      );
    case 'composite':
      return <CompositeFields {...part} own={own} />;
    default:
      return <MathFields {...part} />;
  }
}

const KINDS_JUDGED = ['Node', 'Namespace', 'Workload', 'Service', 'Pod', 'Container', 'Volume'] as const;

function HealthFields(part: Part) {
  const { form, set, judged } = part;
  const { data } = useResource('words', 'once', (signal) => askVerdicts({}, signal));
  const words = [...new Set((data?.entities ?? []).map(({ word }) => word))].sort();
  const toggle = (kind: string) =>
    set({ healthKinds: KINDS_JUDGED.filter((one) => (one === kind) !== form.healthKinds.includes(one)) });
  return (
    <>
      <div class="field">
        <span class="field-label">Kinds</span>
        <div class="chips" role="group" aria-label="Kinds">
          {KINDS_JUDGED.map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={form.healthKinds.includes(kind)}
              onClick={() => toggle(kind)}
            >
              {kind}
            </button>
          ))}
        </div>
        <p class={judged.at('Source.Health.Kinds') === null ? 'field-hint' : 'field-fault'}>
          {judged.at('Source.Health.Kinds') ?? 'None chosen is every kind.'}
        </p>
      </div>
      <div class="form-row">
        <Field label="Verdicts" hint="crash-looping, oom-killed; empty is any" fault={judged.at('Source.Health.Words')}>
          {(field) => (
            <input
              {...field}
              list="health-words"
              value={form.healthWords}
              onInput={(event) => set({ healthWords: event.currentTarget.value })}
            />
          )}
        </Field>
        <datalist id="health-words">
          {words.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
        <Field label="At least" fault={judged.at('Source.Health.Severity')}>
          {(field) => (
            <select
              {...field}
              value={form.healthSeverity}
              onChange={(event) => set({ healthSeverity: event.currentTarget.value })}
            >
              <option value="">any severity</option>
              <option value="warning">warning</option>
              <option value="critical">critical</option>
            </select>
          )}
        </Field>
      </div>
      <FilterFields
        {...part}
        names={['cluster', 'namespace', 'node', 'workload', 'pod']}
        fault={judged.at('Source.Health.Filters')}
      />
    </>
  );
}
