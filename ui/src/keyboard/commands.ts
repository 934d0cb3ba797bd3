import { searchEntities } from '../api/entities';
import { text } from '../api/row';
import type { Entity, EntityType } from '../api/row';
import type { IconName } from '../app/icons';
import { hasPods, navigation } from '../app/nav';
import { containerLink, link, nodeLink, podLink } from '../routes/links';
import type { Identity } from '../routes/links';
import { goTo } from '../routes/location';
import { setRange } from '../state/clock';
import { PRESETS, lengthWords } from '../state/range';
import { pageKeys, SHORTCUTS } from './shortcuts';

/** An entry of the palette. */
export interface Command {
  id: string;
  label: string;
  note: string;
  icon: IconName;
  run: () => void;
}

/** Pages, ranges and settings. */
export function commands(): Command[] {
  return [
    ...navigation.peek().map((item) => ({
      id: item.path,
      label: item.label,
      note: `page · g ${item.letter}`,
      icon: item.icon,
      run: () => goTo(link(item.path)),
    })),
    ...PRESETS.map((seconds) => ({
      id: `range ${seconds}`,
      label: lengthWords(seconds),
      note: 'time range',
      icon: 'clock' as const,
      run: () => setRange({ kind: 'relative', seconds }),
    })),
    ...[...pageKeys.peek().filter((one) => one.keys.every((key) => key.length === 1)), ...SHORTCUTS]
      .filter((one) => !one.keys.includes('/'))
      .map((one) => ({
        id: one.keys.join(),
        label: one.what,
        note: one.keys.join(' '),
        icon: 'help' as const,
        run: one.run,
      })),
  ];
}

const MOST_EACH = 8;

/** Entities whose names have the words in them. */
export async function found(typed: string, signal: AbortSignal): Promise<Command[]> {
  if (typed === '') return [];
  const types: EntityType[] = ['node', ...(hasPods.peek() ? (['pod'] as const) : []), 'container'];
  const lists = await Promise.all(types.map((type) => searchEntities(type, typed, MOST_EACH, signal)));
  return lists.flatMap((list, index) => list.map((entity) => command(types[index] ?? 'node', entity)));
}

function command(type: EntityType, entity: Entity): Command {
  const identity: Identity = entity;
  const node = text(entity, 'node') ?? '';
  switch (type) {
    case 'pod':
      return {
        id: entity.id,
        label: text(entity, 'pod') ?? '',
        note: `pod · ${text(entity, 'namespace') ?? ''}`,
        icon: 'pods',
        run: () => goTo(podLink(identity)),
      };
    case 'container':
      return {
        id: entity.id,
        label: text(entity, 'container') ?? text(entity, 'container_id') ?? '',
        note: `${text(entity, 'container_kind') ?? 'container'} · ${text(entity, 'pod') ?? node}`,
        icon: 'containers',
        run: () => goTo(containerLink(identity)),
      };
    default:
      return { id: entity.id, label: node, note: 'node', icon: 'nodes', run: () => goTo(nodeLink(identity)) };
  }
}
