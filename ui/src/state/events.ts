import { askSql, column, literal, moment, rowNumber, rowText, whereOf } from '../api/sql';
import type { SqlRow } from '../api/sql';
import { parseMoment } from '../format/time';
import { span } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';

/** What the Kubernetes API reported of an object. */
export interface KubeEvent {
  key: string;
  time: number | null;
  first: number | null;
  type: string;
  reason: string;
  kind: string;
  namespace: string | null;
  name: string;
  uid: string | null;
  field: string | null;
  message: string;
  count: number | null;
  reporter: string | null;
}

export interface EventsAnswer {
  events: readonly KubeEvent[];
  /** There are older ones in the range. */
  more: boolean;
}

/** Which events: those of a place, or of objects in it. */
export interface EventScope {
  cluster?: string | null;
  namespace?: string | null;
  /** Those of objects; all when left out. */
  about?: readonly { kind: string; name: string }[];
  /** And those of objects whose names begin so: pods of a daemon set that are gone. */
  begins?: readonly { kind: string; prefix: string }[];
  /** Those that a node reported, besides. */
  node?: string;
}

const MOST = 500;

/** Events in the page's range: of each its newest repetition, newest first. */
export function useEvents(scope: EventScope | null): Resource<EventsAnswer> {
  const asked = span.value;
  const subject = scope === null ? null : JSON.stringify(['events', scope, asked.end - asked.start]);
  return useResource(subject, asked.end, async (signal) => {
    const { rows, truncated } = await askSql(statement(scope ?? {}, asked.start, asked.end), signal, MOST);
    return { events: rows.map(eventOf), more: truncated };
  });
}

/** The statement. Pure. */
export function statement(scope: EventScope, start: number, end: number): string {
  const place = whereOf({
    ...(scope.cluster === null || scope.cluster === undefined ? {} : { cluster: scope.cluster }),
    ...(scope.namespace === null || scope.namespace === undefined ? {} : { namespace: scope.namespace }),
  });
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of scope.about ?? []) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  const any = [
    ...[...kinds].map(([kind, names]) => `(${whereOf({ object_kind: kind, object_name: names })})`),
    ...(scope.begins ?? []).map(
      ({ kind, prefix }) => `(${whereOf({ object_kind: kind })} and starts_with(object_name, ${literal(prefix)}))`,
    ),
    ...(scope.node === undefined ? [] : [whereOf({ node: scope.node })]),
  ];
  const about = any.length > 0 ? `(${any.join(' or ')})` : scope.about || scope.begins ? 'false' : 'true';
  const newest = [
    'first_time',
    'event_type',
    'reason',
    'object_kind',
    'namespace',
    'object_name',
    'object_uid',
    'object_field',
    'message',
    'reporter',
  ]
    .map((name) => `last_value(${column(name)} order by time) as ${column(name)}`)
    .join(', ');
  return (
    `select event_uid, max(time) as at, max(event_count) as event_count, ${newest} from event ` +
    `where time >= ${moment(start)} and time < ${moment(end)} and ${place} and ${about} ` +
    `group by event_uid order by at desc limit ${MOST + 1}`
  );
}

function eventOf(row: SqlRow): KubeEvent {
  const text = (name: string) => rowText(row, name);
  return {
    key: text('event_uid') ?? `${text('at') ?? ''} ${text('object_name') ?? ''} ${text('reason') ?? ''}`,
    time: parseMoment(text('at') ?? ''),
    first: parseMoment(text('first_time') ?? ''),
    type: text('event_type') ?? '',
    reason: text('reason') ?? '',
    kind: text('object_kind') ?? '',
    namespace: text('namespace'),
    name: text('object_name') ?? '',
    uid: text('object_uid'),
    field: text('object_field'),
    message: text('message') ?? '',
    count: rowNumber(row, 'event_count'),
    reporter: text('reporter'),
  };
}
