import { askAlarm } from '../../../api/alarms';
import type { AlarmDetail, AlarmState } from '../../../api/alarms';
import { Icon } from '../../../app/icons';
import { alarmLink } from '../../../routes/alarmLinks';
import { now } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import { Fault } from '../../parts/Empty';
import { StateMark } from '../StateMark';
import { GONE, treeOf } from './tree';
import type { Branch } from './tree';

/** The rule of a composite alarm, and the alarms that it is made of with their states, down to those over metrics. */
export function Composite({ alarm }: { alarm: AlarmDetail }) {
  const { data, problem, retry } = useResource(alarm.name, now.value, (signal) =>
    treeOf(alarm, (name) => askAlarm(name, signal)),
  );
  const rule = alarm.definition.AlarmRule;
  return (
    <div class="card composite">
      {typeof rule === 'string' && (
        <p>
          In alarm when <code>{rule}</code>
        </p>
      )}
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <Children
        of={
          data ?? alarm.children.map((child) => ({ ...child, children: [], note: child.state === null ? GONE : null }))
        }
      />
    </div>
  );
}

function Children({ of }: { of: readonly Branch[] }) {
  if (of.length === 0) return <p class="muted">Its rule names no other alarm.</p>;
  return (
    <ul class="tree">
      {of.map((branch) => (
        <li key={branch.name}>
          <Leaf name={branch.name} state={branch.state} note={branch.note} />
          {branch.children.length > 0 && <Children of={branch.children} />}
        </li>
      ))}
    </ul>
  );
}

function Leaf({ name, state, note }: { name: string; state: AlarmState | null; note: string | null }) {
  return (
    <span class="tree-leaf">
      {state === null ? (
        <span class="status warn">
          <Icon name="warn" />
          not there
        </span>
      ) : (
        <StateMark state={state} />
      )}
      {state === null ? name : <a href={alarmLink(name)}>{name}</a>}
      {note !== null && <span class="muted">{note}</span>}
    </span>
  );
}
