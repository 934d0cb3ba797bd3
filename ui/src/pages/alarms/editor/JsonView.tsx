import { useEffect, useState } from 'preact/hooks';
import type { Definition } from '../../../api/alarms';
import type { KeyFault } from '../../../api/problem';
import { Field } from '../Field';

interface Properties {
  definition: Definition;
  faults: readonly KeyFault[];
  onChange: (definition: Definition) => void;
}

/** The same definition as JSON, with the keys of CloudWatch. */
export function JsonView({ definition, faults, onChange }: Properties) {
  const given = JSON.stringify(definition, null, 2);
  const [text, setText] = useState(given);
  const parsed = parse(text);
  useEffect(() => {
    // Changed by other means: the threshold was dragged, the address went back.
    if (parsed.value === null || JSON.stringify(parsed.value) !== JSON.stringify(definition)) setText(given);
  }, [given]);
  return (
    <fieldset class="card form-part">
      <legend>Definition</legend>
      <Field
        label="JSON"
        hint="Keys are those of PutMetricAlarm and PutCompositeAlarm, and Source for what CloudWatch does not have."
        fault={parsed.fault}
      >
        {(field) => (
          <textarea
            {...field}
            class="mono"
            rows={Math.min(36, Math.max(14, text.split('\n').length + 1))}
            spellcheck={false}
            value={text}
            onInput={(event) => {
              const next = event.currentTarget.value;
              setText(next);
              const { value } = parse(next);
              if (value !== null) onChange(value);
            }}
          />
        )}
      </Field>
      {faults.length > 0 && (
        <ul class="field-fault" role="alert">
          {faults.map((fault) => (
            <li key={`${fault.key} ${fault.message}`}>
              <code>{fault.key}</code> {fault.message}
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

function parse(text: string): { value: Definition; fault: null } | { value: null; fault: string } {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as Definition, fault: null };
    return { value: null, fault: 'A definition is an object: { … }.' };
  } catch (thrown) {
    return { value: null, fault: `This is no JSON: ${thrown instanceof Error ? thrown.message : 'it ends too early'}` };
  }
}
