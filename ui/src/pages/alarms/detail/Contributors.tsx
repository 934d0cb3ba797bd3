import type { AlarmDetail, AlarmSeries } from '../../../api/alarms';
import { labelsText, stateRank } from '../../../alarms/order';
import { seriesLeftOut } from '../../../alarms/leftOut';
import { metricCompared, unitOf } from '../../../alarms/unit';
import { formOf } from '../../../alarms/form';
import { exact, format } from '../../../format/number';
import { silenceLink } from '../../../routes/alarmLinks';
import { parseMoment } from '../../../format/time';
import { now } from '../../../state/clock';
import type { Column } from '../../../tables/column';
import { Listed } from '../../parts/Listed';
import { Lasting, StateMark, Subject } from '../StateMark';

/** Every series of an alarm with its own state, worst first. */
export function Contributors({ alarm }: { alarm: AlarmDetail }) {
  const unit = unitOf(metricCompared(formOf(alarm.definition)));
  const columns: Column<AlarmSeries>[] = [
    {
      id: 'of',
      header: 'Of',
      value: (it) => labelsText(it.labels),
      cell: (it) => <Subject labels={it.labels} />,
    },
    {
      id: 'state',
      header: 'State',
      value: (it) => stateRank(it.state),
      cell: (it) => <StateMark state={it.state} why={it.reason} />,
    },
    {
      id: 'for',
      header: 'For',
      end: true,
      value: (it) => now.value - (parseMoment(it.since) ?? now.value),
      cell: (it) => <Lasting since={it.since} />,
    },
    {
      id: 'value',
      header: 'Value',
      help: 'Of the newest period',
      end: true,
      value: (it) => it.value,
      cell: (it) => format(unit, it.value),
      title: (it) => exact(unit, it.value),
    },
    { id: 'reason', header: 'Why', class: 'prose why', value: (it) => it.reason, cell: (it) => it.reason },
    {
      id: 'silence',
      header: 'Silence',
      value: () => null,
      cell: (it) => <a href={silenceLink(alarm.name, it.labels)}>silence</a>,
    },
  ];
  const leftOut = seriesLeftOut(alarm.series.length, alarm.series_total);
  return (
    <>
      {leftOut !== null && <p class="muted">{leftOut}</p>}
      <Listed
        noun="contributors"
        columns={columns}
        rows={alarm.series}
        rowKey={(it) => JSON.stringify(it.labels)}
        fields={(it) => ({ texts: { ...it.labels, state: it.state, why: it.reason }, numbers: { value: it.value } })}
        hint="Filter: words, namespace:shop, state:alarm, value>0.5 …"
        sort={{ id: 'state', descending: false }}
        problem={null}
        onRetry={() => undefined}
        empty="It has no series: nothing that it is about has had a point in its whole range."
      />
    </>
  );
}
