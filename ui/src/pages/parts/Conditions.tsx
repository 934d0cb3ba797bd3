import { map } from '../../api/row';
import type { Entity } from '../../api/row';
import { Icon } from '../../app/icons';

/** Conditions that are well when they are False: the opposite of most. */
const BAD_WHEN_TRUE = /Pressure$|Unavailable$|^ReplicaFailure$|^Failed$|^Disruption/;

/** The conditions of an object, with icon and word. Nothing where it has none. */
export function Conditions({ object }: { object: Entity }) {
  const conditions = Object.entries(map(object, 'conditions'));
  if (conditions.length === 0) return null;
  return (
    <ul class="conditions" aria-label="Conditions">
      {conditions.map(([name, value]) => {
        const well = value === (BAD_WHEN_TRUE.test(name) ? 'False' : 'True');
        const unknown = value !== 'True' && value !== 'False';
        return (
          <li key={name} class={`status ${unknown ? 'none' : well ? 'good' : 'warn'}`}>
            <Icon name={unknown ? 'absent' : well ? 'ok' : 'warn'} />
            {name} {value}
          </li>
        );
      })}
    </ul>
  );
}
