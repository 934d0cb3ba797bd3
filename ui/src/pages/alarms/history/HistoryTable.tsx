import { askHistory } from '../../../api/alarms';
import type { HistoryItem, HistoryType } from '../../../api/alarms';
import { labelsText } from '../../../alarms/order';
import { HISTORY_WORDS } from '../../../alarms/words';
import { ago, dateTime, parseMoment } from '../../../format/time';
import { alarmLink } from '../../../routes/alarmLinks';
import { query, setQuery } from '../../../routes/location';
import { now, span } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import { zone } from '../../../state/zone';
import type { Column } from '../../../tables/column';
import { Listed } from '../../parts/Listed';
import { StateMark, Subject } from '../StateMark';

const MOST = 500;
const TYPES: readonly HistoryType[] = ['StateUpdate', 'ConfigurationUpdate', 'Action'];

/** What happened to alarms in the page's range, newest first; of one alarm where it is named. */
export function HistoryTable({ alarm }: { alarm?: string }) {
  const asked = span.value;
  const type = TYPES.find((one) => one === query.value.get('type'));
  const subject = JSON.stringify(['history', alarm, type, asked.end - asked.start]);
  const { data, problem, retry } = useResource(subject, asked.end, (signal) =>
    askHistory(
      {
        ...(alarm === undefined ? {} : { alarm }),
        start: new Date(asked.start).toISOString(),
        end: new Date(asked.end).toISOString(),
        limit: MOST,
        type,
      },
      signal,
    ),
  );
  return (
    <Listed
      noun="items"
      columns={columns(alarm === undefined)}
      rows={data}
      rowKey={(it) => `${it.number} ${it.time} ${it.type}`}
      fields={(it) => ({
        texts: { alarm: it.alarm, labels: labelsText(it.labels), what: it.summary, reason: it.reason, to: it.to },
        numbers: {},
      })}
      hint="Filter: words, alarm:name, to:alarm …"
      sort={{ id: 'time', descending: true }}
      problem={problem}
      onRetry={retry}
      beside={
        <div class="chips" role="group" aria-label="What happened">
          {[null, ...TYPES].map((one) => (
            <button
              key={one ?? 'all'}
              type="button"
              aria-pressed={(type ?? null) === one}
              onClick={() => setQuery({ type: one }, { replace: true })}
            >
              {one === null ? 'all' : HISTORY_WORDS[one]}
            </button>
          ))}
        </div>
      }
      empty="Nothing happened in this range. Choose a longer one; history is kept for weeks."
    />
  );
}

function columns(named: boolean): Column<HistoryItem>[] {
  const time = (it: HistoryItem) => parseMoment(it.time);
  return [
    {
      id: 'time',
      header: 'When',
      end: true,
      value: time,
      cell: (it) => <span class="num">{dateTime(time(it) ?? 0, zone.value)}</span>,
      title: (it) => ago(time(it) ?? 0, now.value),
    },
    ...(named
      ? [
          {
            id: 'alarm',
            header: 'Alarm',
            value: (it: HistoryItem) => it.alarm,
            cell: (it: HistoryItem) => <a href={alarmLink(it.alarm)}>{it.alarm}</a>,
          },
        ]
      : []),
    { id: 'type', header: 'What', value: (it) => it.type, cell: (it) => HISTORY_WORDS[it.type] },
    {
      id: 'of',
      header: 'Of',
      optional: true,
      value: (it) => labelsText(it.labels) || null,
      cell: (it) =>
        Object.keys(it.labels).length === 0 ? <span class="muted">–</span> : <Subject labels={it.labels} />,
    },
    {
      id: 'to',
      header: 'State',
      optional: true,
      value: (it) => it.to,
      cell: (it) => (it.to === null ? <span class="muted">–</span> : <StateMark state={it.to} />),
      title: (it) => (it.from === null ? undefined : `before: ${it.from}`),
    },
    {
      id: 'summary',
      header: 'Why',
      class: 'prose why',
      value: (it) => it.summary,
      cell: (it) => it.reason ?? it.summary,
      title: (it) => it.summary,
    },
  ];
}
