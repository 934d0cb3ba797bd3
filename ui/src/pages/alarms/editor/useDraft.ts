import { useEffect, useRef, useState } from 'preact/hooks';
import type { Definition } from '../../../api/alarms';
import { draftOf, draftText } from '../../../alarms/draft';
import { definitionOf, formOf } from '../../../alarms/form';
import type { AlarmForm } from '../../../alarms/form';
import { query, setQuery } from '../../../routes/location';

/** What is edited, as a form and as a definition. The address holds it. */
export interface Draft {
  form: AlarmForm;
  definition: Definition;
  /** Whether it differs from what was there. */
  changed: boolean;
  set: (change: Partial<AlarmForm>) => void;
  setDefinition: (definition: Definition) => void;
}

interface Held {
  form: AlarmForm;
  /** As it was written, until the form changes it: the form may have no field for what stands in it. */
  written: Definition | null;
}

const WAIT_MS = 400;

/** Begins with the draft of the address, else with what is given. */
export function useDraft(begin: Definition): Draft {
  const read = (): Held => {
    const written = draftOf(query.peek()) ?? begin;
    return { form: formOf(written), written };
  };
  const [held, setHeld] = useState<Held>(read);
  const definition = held.written ?? definitionOf(held.form);
  const text = draftText(definition);
  const original = draftText(begin);
  const inAddress = query.value.get('draft');
  const told = useRef(inAddress);

  useEffect(() => {
    const wanted = text === original ? null : text;
    if (wanted === told.current) return undefined;
    const timer = window.setTimeout(() => {
      told.current = wanted;
      setQuery({ draft: wanted }, { replace: true });
    }, WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [text]);

  useEffect(() => {
    // The address changed by other means: back, a link.
    if (inAddress === told.current) return;
    told.current = inAddress;
    setHeld(read());
  }, [inAddress]);

  return {
    form: held.form,
    definition,
    changed: text !== original,
    set: (change) => setHeld((before) => ({ form: { ...before.form, ...change }, written: null })),
    setDefinition: (written) => setHeld({ form: formOf(written), written }),
  };
}
