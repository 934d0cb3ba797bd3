import type { AlarmsAnswer } from '../../api/alarms';
import { unnamed } from '../../alarms/whole';
import { alarmNames } from '../../map/alarmed';
import type { Alarmed } from '../../map/alarmed';
import type { Group, GroupBy } from '../../map/group';
import { Icon } from '../../app/icons';
import { alarmLink, alarmsLink } from '../../routes/alarmLinks';
import { namespaceLink, nodeLink, workloadLink } from '../../routes/links';

const MOST = 5;

interface Properties {
  answer: AlarmsAnswer;
  alarmed: Alarmed;
  groups: readonly Group[];
  group: GroupBy;
}

/** What goes off and is on no cell: on blocks, on what is not drawn, and what is not known by name. Nothing where there is none. */
export function AlarmNotes({ answer, alarmed, groups, group }: Properties) {
  const blocks = groups.filter(({ key }) => alarmed.blocks.has(key));
  const elsewhere = alarmNames(alarmed.elsewhere);
  const lost = unnamed(answer.alarms);
  if (blocks.length === 0 && elsewhere.length === 0 && lost === 0) return null;
  return (
    <ul class="map-alarms muted" aria-label="Alarms that are on no pod">
      {blocks.slice(0, MOST).map((block) => {
        const found = alarmed.blocks.get(block.key) ?? [];
        const href = blockLink(block, group);
        return (
          <li key={block.key}>
            <Icon name="alarms" /> {group} {href === null ? block.label : <a href={href}>{block.label}</a>}:{' '}
            <Names of={alarmNames(found)} />
          </li>
        );
      })}
      {blocks.length > MOST && (
        <li>
          and on {blocks.length - MOST} more {group}s
        </li>
      )}
      {elsewhere.length > 0 && (
        <li>
          <Icon name="alarms" /> {alarmed.elsewhere.length} in alarm on what is not drawn here: <Names of={elsewhere} />
        </li>
      )}
      {lost > 0 && (
        <li>
          {lost} more in alarm are not known by name, and drawn nowhere: see{' '}
          <a href={alarmsLink({ state: 'ALARM' })}>alarms</a>.
        </li>
      )}
    </ul>
  );
}

function Names({ of }: { of: readonly string[] }) {
  return (
    <>
      {of.slice(0, MOST).map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <a href={alarmLink(name)}>{name}</a>
        </span>
      ))}
      {of.length > MOST && ` and ${of.length - MOST} more`}
    </>
  );
}

/** The page of what a block stands for. */
function blockLink({ cells }: Group, by: GroupBy): string | null {
  const [first] = cells;
  if (!first) return null;
  const { cluster, namespace, node, workload } = first;
  switch (by) {
    case 'node':
      return node === null ? null : nodeLink({ cluster, node });
    case 'namespace':
      return namespace === null ? null : namespaceLink({ cluster, namespace });
    case 'workload': {
      if (namespace === null || workload === null) return null;
      const [kind = '', ...name] = workload.split(' ');
      return workloadLink({ cluster, namespace, workload_kind: kind, workload: name.join(' ') });
    }
  }
}
