import type { Entity } from '../../api/row';
import { Icon } from '../../app/icons';
import { ago, parseMoment } from '../../format/time';
import { now } from '../../state/clock';

const MARKS = { live: ['good', 'ok'], stale: ['warn', 'warn'], gone: ['none', 'absent'] } as const;

/** Whether rows still come, as icon and word; why, on hover. */
export function HealthMark({ entity }: { entity: Entity }) {
  const [tone, icon] = MARKS[entity.health.state];
  const last = parseMoment(entity.time);
  const title = [entity.health.reason, last === null ? null : `newest row ${ago(last, now.value)}`]
    .filter((part) => part !== null)
    .join('; ');
  return (
    <span class={`status ${tone}`} title={title}>
      <Icon name={icon} />
      {entity.health.state}
    </span>
  );
}
