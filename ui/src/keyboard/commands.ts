import { askAlarms } from '../api/alarms';
import { searchEntities } from '../api/entities';
import { text } from '../api/row';
import type { Entity, EntityType } from '../api/row';
import type { IconName } from '../app/icons';
import { hasPods, navigation } from '../app/nav';
import { containerName } from '../measures/cgroup';
import { isOwn, kindOf, nameOf, WORKLOAD_KINDS } from '../measures/object';
import {
  clusterLink,
  containerLink,
  link,
  namespaceLink,
  nodeLink,
  podLink,
  serviceLink,
  volumeLink,
  workloadLink,
} from '../routes/links';
import type { Identity } from '../routes/links';
import { alarmLink, newAlarmLink } from '../routes/alarmLinks';
import { goTo } from '../routes/location';
import { alarmsNow } from '../state/alarms';
import { setRange } from '../state/clock';
import { nodes } from '../state/inventory';
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
    ...alarmCommands(),
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

/** The way to make an alarm, and to those that go off. */
function alarmCommands(): Command[] {
  const answer = alarmsNow();
  if (!answer) return [];
  return [
    { id: 'new alarm', label: 'New alarm', note: 'alarms', icon: 'plus', run: () => goTo(newAlarmLink()) },
    ...answer.alarms.slice(0, MOST_EACH).map(({ name }) => alarmCommand(name, 'in alarm')),
  ];
}

function alarmCommand(name: string, note: string): Command {
  return { id: `alarm ${name}`, label: name, note, icon: 'alarms', run: () => goTo(alarmLink(name)) };
}

const MOST_EACH = 8;

/** Entities whose names have the words in them. */
export async function found(typed: string, signal: AbortSignal): Promise<Command[]> {
  if (typed === '') return [];
  const cluster = hasPods.peek();
  const types: EntityType[] = ['node', ...(cluster ? (['pod'] as const) : []), 'container'];
  const firing = alarmsNow();
  const [alarms, objects, ...lists] = await Promise.all([
    firing ? askAlarms({ prefix: typed }, signal) : null,
    cluster ? searchEntities('object', typed, MOST_OBJECTS, signal, OBJECTS) : [],
    ...types.map((type) => searchEntities(type, typed, MOST_EACH, signal)),
  ]);
  return [
    ...clusterCommands(typed),
    ...(alarms?.alarms ?? [])
      // Those that go off are listed already.
      .filter(({ name }) => !firing?.alarms.some((other) => other.name === name))
      .slice(0, MOST_EACH)
      .map(({ name }) => alarmCommand(name, 'alarm')),
    ...objects.flatMap(objectCommand),
    ...lists.flatMap((list, index) => list.map((entity) => command(types[index] ?? 'node', entity))),
  ];
}

/** Clusters whose names have all the words in them. They are known without asking. */
function clusterCommands(typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/);
  const names = new Set((nodes.peek() ?? []).map((node) => text(node, 'cluster')).filter((name) => name !== null));
  return [...names]
    .filter((name) => words.every((word) => `${name} cluster`.toLowerCase().includes(word)))
    .sort()
    .slice(0, MOST_EACH)
    .map((name) => ({
      id: `cluster ${name}`,
      label: name,
      note: 'cluster',
      icon: 'overview',
      run: () => goTo(clusterLink(name)),
    }));
}

/** Kinds that have pages of their own, besides nodes and pods. What somebody else made is found under its maker. */
const OBJECTS = {
  where: {
    object_kind: ['Namespace', ...WORKLOAD_KINDS, 'Service', 'PersistentVolumeClaim'],
  },
  columns: ['owner_kind'],
} as const;
const MOST_OBJECTS = 24;

function objectCommand(it: Entity): Command[] {
  if (!isOwn(it)) return [];
  const name = nameOf(it);
  const place = { cluster: text(it, 'cluster'), namespace: text(it, 'namespace') };
  const of = (icon: IconName, what: string, href: () => string): Command[] => [
    {
      id: it.id,
      label: name,
      note: [what, place.namespace].filter((part) => part !== null).join(' · '),
      icon,
      run: () => goTo(href()),
    },
  ];
  switch (kindOf(it)) {
    case 'Namespace':
      return of('namespaces', 'namespace', () => namespaceLink({ ...place, namespace: name }));
    case 'Service':
      return of('services', 'service', () => serviceLink(place, name));
    case 'PersistentVolumeClaim':
      return of('volumes', 'volume', () => volumeLink(place, name));
    default:
      return of('workloads', kindOf(it), () => workloadLink({ ...place, workload_kind: kindOf(it), workload: name }));
  }
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
        label: containerName(entity),
        note: `${text(entity, 'container_kind') ?? 'container'} · ${text(entity, 'pod') ?? node}`,
        icon: 'containers',
        run: () => goTo(containerLink(identity)),
      };
    default:
      return { id: entity.id, label: node, note: 'node', icon: 'nodes', run: () => goTo(nodeLink(identity)) };
  }
}
