import type { Part } from './part';

/** What has a state of its own: each combination of the names that are chosen. */
export function GroupFields({ form, set, names, fault }: Part & { names: readonly string[]; fault: string | null }) {
  const all = [...new Set([...names, ...form.groupBy])];
  const toggle = (name: string) =>
    set({
      groupBy: form.groupBy.includes(name) ? form.groupBy.filter((one) => one !== name) : [...form.groupBy, name],
    });
  return (
    <div class={`field ${fault === null ? '' : 'faulty'}`}>
      <span class="field-label">A state for each</span>
      <div class="chips" role="group" aria-label="A state for each">
        {all.map((name) => (
          <button key={name} type="button" aria-pressed={form.groupBy.includes(name)} onClick={() => toggle(name)}>
            {name}
          </button>
        ))}
      </div>
      <p class={fault === null ? 'field-hint' : 'field-fault'}>
        {fault ??
          (form.groupBy.length === 0
            ? 'Nothing chosen: all of it together is one series with one state.'
            : `Each combination of ${form.groupBy.join(', ')} is told of by itself.`)}
      </p>
    </div>
  );
}
