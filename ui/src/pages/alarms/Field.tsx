import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What ties a control to its label, its explanation and its fault. */
export interface FieldTies {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

interface Properties {
  label: string;
  hint?: string | null | undefined;
  fault?: string | null | undefined;
  wide?: boolean;
  children: (ties: FieldTies) => ComponentChildren;
}

/** A control with its name, what it means and what is wrong with it. */
export function Field({ label, hint, fault, wide = false, children }: Properties) {
  const id = useId();
  return (
    <div class={`field ${wide ? 'wide' : ''} ${fault ? 'faulty' : ''}`}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-note`, 'aria-invalid': Boolean(fault) })}
      <p id={`${id}-note`} class={fault ? 'field-fault' : 'field-hint'} {...(fault ? { role: 'alert' as const } : {})}>
        {fault ?? hint}
      </p>
    </div>
  );
}
