import type { ComponentChildren } from 'preact';
import { format, spoken } from '../../format/number';
import type { Unit } from '../../format/number';

export interface Fact {
  name: string;
  value: ComponentChildren;
  title?: string;
}

/** What something is, in one line. Facts without a value are left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts
        .filter((fact) => fact.value !== null && fact.value !== undefined && fact.value !== '')
        .map((fact) => (
          <div key={fact.name} title={fact.title}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What is used, beside what was requested where something was. */
export function ofRequest(unit: Unit, used: number | null, requested: number | null): string {
  return requested === null ? spoken(unit, used) : `${format(unit, used)} of ${spoken(unit, requested)} requested`;
}
