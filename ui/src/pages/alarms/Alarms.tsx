import type { ComponentChildren } from 'preact';
import { askAlarms } from '../../api/alarms';
import { Page } from '../../app/Page';
import { usePageKeys } from '../../keyboard/usePageKeys';
import { newAlarmLink } from '../../routes/alarmLinks';
import { goTo } from '../../routes/location';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { Empty, Fault } from '../parts/Empty';
import { openTab, Tabs } from '../parts/Tabs';
import { HistoryTable } from './history/HistoryTable';
import { AlarmList } from './list/AlarmList';
import { ReceiversTab } from './receivers/ReceiversTab';
import { SilencesTab } from './silences/SilencesTab';

/** Every alarm: now and over time, what holds them, who is told. */
export function Alarms() {
  const { data, problem, loading, retry } = useResource('all alarms', now.value, (signal) => askAlarms({}, signal));
  const tabs = [
    { id: 'alarms', label: 'Alarms', count: data?.alarms.length ?? null },
    { id: 'history', label: 'History' },
    { id: 'silences', label: 'Silences' },
    { id: 'receivers', label: 'Receivers and deliveries' },
  ];
  usePageKeys([{ keys: ['n'], what: 'New alarm', run: () => goTo(newAlarmLink()) }]);
  return (
    <Page title="Alarms">
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data === null && !problem && !loading ? (
        <Empty title="This server has no alarms">
          <p>It is of an older version. Replace it with one that evaluates alarms.</p>
        </Empty>
      ) : (
        <>
          <Tabs tabs={tabs} label="Parts of alarms" />
          {content(openTab(tabs))}
        </>
      )}
    </Page>
  );

  function content(tab: string): ComponentChildren {
    switch (tab) {
      case 'history':
        return <HistoryTable />;
      case 'silences':
        return <SilencesTab alarms={data?.alarms ?? []} />;
      case 'receivers':
        return <ReceiversTab />;
      default:
        return <AlarmList answer={data} refused={problem !== null} />;
    }
  }
}
