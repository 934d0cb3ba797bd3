import type { ComponentChildren } from 'preact';
import { askAlarm } from '../../../api/alarms';
import type { AlarmDetail } from '../../../api/alarms';
import { Page } from '../../../app/Page';
import { usePageKeys } from '../../../keyboard/usePageKeys';
import { alarmsLink, editAlarmLink } from '../../../routes/alarmLinks';
import { goTo } from '../../../routes/location';
import { now } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import { Empty, Fault } from '../../parts/Empty';
import { Section } from '../../parts/Section';
import { openTab, Tabs } from '../../parts/Tabs';
import { HistoryTable } from '../history/HistoryTable';
import { DeliveryTable } from '../receivers/DeliveryTable';
import { AlarmActions } from './AlarmActions';
import { AlarmChart } from './AlarmChart';
import { AlarmHead } from './AlarmHead';
import { Composite } from './Composite';
import { Contributors } from './Contributors';
import { DefinitionView } from './DefinitionView';
import { Runbook } from './Runbook';
import { States } from './States';

/** Everything about one alarm. */
export function AlarmPage({ name }: { name: string }) {
  const { data, problem, retry } = useResource(name, now.value, (signal) => askAlarm(name, signal));
  const several = (data?.contributors ?? null) !== null;
  const tabs = [
    { id: 'state', label: 'State' },
    ...(several ? [{ id: 'contributors', label: 'Contributors', count: data?.series_total ?? null }] : []),
    { id: 'history', label: 'History' },
    { id: 'deliveries', label: 'Deliveries' },
    { id: 'definition', label: 'Definition' },
  ];
  usePageKeys([{ keys: ['e'], what: 'Edit this alarm', run: () => goTo(editAlarmLink(name)) }]);
  const missing = problem?.status === 404 && data === null;
  return (
    <Page title={name} crumbs={[{ label: 'Alarms', href: alarmsLink() }]}>
      {missing ? (
        <Empty title="There is no alarm of this name">
          <p>
            It was deleted or renamed. <a href={alarmsLink()}>All alarms</a>; their{' '}
            <a href={alarmsLink({ tab: 'history' })}>history</a> stays.
          </p>
        </Empty>
      ) : (
        problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />
      )}
      {data === null && !problem && <p class="muted loading-note">Loading…</p>}
      {data && (
        <>
          <AlarmHead alarm={data} />
          <AlarmActions alarm={data} />
          <Runbook tags={data.tags} />
          <Tabs tabs={tabs} label="Parts of this alarm" />
          {content(openTab(tabs), data)}
        </>
      )}
    </Page>
  );

  function content(tab: string, alarm: AlarmDetail): ComponentChildren {
    switch (tab) {
      case 'contributors':
        return <Contributors alarm={alarm} />;
      case 'history':
        return <HistoryTable alarm={alarm.name} />;
      case 'deliveries':
        return <DeliveryTable alarm={alarm.name} />;
      case 'definition':
        return <DefinitionView alarm={alarm} />;
      default:
        return (
          <>
            <States alarm={alarm} />
            {alarm.kind === 'composite' ? (
              <Section id="tree" title="Made of">
                <Composite alarm={alarm} />
              </Section>
            ) : (
              <AlarmChart alarm={alarm} />
            )}
          </>
        );
    }
  }
}
