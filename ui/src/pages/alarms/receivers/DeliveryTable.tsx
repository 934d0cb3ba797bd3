import { askDeliveries } from '../../../api/alarms';
import type { Delivery, DeliveryState } from '../../../api/alarms';
import { labelsText } from '../../../alarms/order';
import { Icon } from '../../../app/icons';
import type { IconName } from '../../../app/icons';
import { parseMoment } from '../../../format/time';
import { alarmLink } from '../../../routes/alarmLinks';
import { query, setQuery } from '../../../routes/location';
import { now } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import type { Column } from '../../../tables/column';
import { Listed } from '../../parts/Listed';
import { Moment, StateMark, Subject } from '../StateMark';

const MOST = 500;

const MARKS: Readonly<Record<DeliveryState, readonly [tone: string, icon: IconName]>> = {
  waiting: ['warn', 'clock'],
  failed: ['bad', 'bad'],
  delivered: ['good', 'ok'],
};

const STATES: readonly DeliveryState[] = ['failed', 'waiting', 'delivered'];

/** What became of notifications, of one alarm where it is named. */
export function DeliveryTable({ alarm }: { alarm?: string }) {
  const state = STATES.find((one) => one === query.value.get('delivery'));
  const { data, problem, retry } = useResource(JSON.stringify(['deliveries', alarm, state]), now.value, (signal) =>
    askDeliveries({ ...(alarm === undefined ? {} : { alarm }), state, limit: MOST }, signal),
  );
  return (
    <Listed
      noun="deliveries"
      columns={columns(alarm === undefined)}
      rows={data}
      rowKey={(it) => String(it.id)}
      fields={(it) => ({
        texts: {
          alarm: it.alarm,
          receiver: it.receiver,
          labels: labelsText(it.labels),
          state: it.state,
          error: it.error,
        },
        numbers: { attempts: it.attempts },
      })}
      hint="Filter: words, receiver:mail, attempts>1 …"
      sort={{ id: 'at', descending: true }}
      problem={problem}
      onRetry={retry}
      beside={
        <div class="chips" role="group" aria-label="State of delivery">
          {[null, ...STATES].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              aria-pressed={(state ?? null) === one}
              onClick={() => setQuery({ delivery: one }, { replace: true })}
            >
              {one ?? 'all'}
            </button>
          ))}
        </div>
      }
      empty="No notification was to be sent. They go out when a state changes and the alarm names a receiver."
    />
  );
}

function columns(named: boolean): Column<Delivery>[] {
  return [
    {
      id: 'at',
      header: 'When',
      value: (it) => parseMoment(it.at),
      cell: (it) => <Moment at={it.at} />,
    },
    ...(named
      ? [
          {
            id: 'alarm',
            header: 'Alarm',
            value: (it: Delivery) => it.alarm,
            cell: (it: Delivery) => <a href={alarmLink(it.alarm)}>{it.alarm}</a>,
          },
        ]
      : []),
    {
      id: 'of',
      header: 'Of',
      optional: true,
      value: (it) => labelsText(it.labels) || null,
      cell: (it) =>
        Object.keys(it.labels).length === 0 ? <span class="muted">–</span> : <Subject labels={it.labels} />,
    },
    { id: 'to', header: 'Told', value: (it) => it.to, cell: (it) => <StateMark state={it.to} /> },
    { id: 'receiver', header: 'Receiver', value: (it) => it.receiver, cell: (it) => it.receiver },
    {
      id: 'state',
      header: 'Delivery',
      value: (it) => STATES.indexOf(it.state),
      cell: (it) => {
        const [tone, icon] = MARKS[it.state];
        return (
          <span class={`status ${tone}`}>
            <Icon name={icon} />
            {it.state}
          </span>
        );
      },
    },
    { id: 'attempts', header: 'Attempts', end: true, value: (it) => it.attempts, cell: (it) => it.attempts },
    {
      id: 'next',
      header: 'Next attempt',
      optional: true,
      value: (it) => parseMoment(it.next ?? ''),
      cell: (it) => <Moment at={it.next} />,
    },
    {
      id: 'error',
      header: 'Error',
      class: 'wrap',
      optional: true,
      value: (it) => it.error,
      cell: (it) => it.error ?? <span class="muted">none</span>,
    },
  ];
}
