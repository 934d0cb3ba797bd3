import { askSources } from '../../api/sources';
import { askStatus } from '../../api/status';
import { Page } from '../../app/Page';
import { link } from '../../routes/links';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { Fault } from '../parts/Empty';
import { openTab, Tabs } from '../parts/Tabs';
import { Agents } from './Agents';
import { OwnCost } from './OwnCost';
import { Queries } from './Queries';
import { StoreStatus } from './StoreStatus';

/** The system itself: who reads, what is kept, how it answers, what it costs. */
export function Status() {
  const sources = useResource('sources', now.value, askSources);
  const status = useResource('status', now.value, askStatus);
  const tabs = [
    { id: 'agents', label: 'Agents', count: sources.data?.agents.length ?? null },
    { id: 'store', label: 'Store', count: status.data?.tables.length ?? null },
    { id: 'queries', label: 'Queries' },
    { id: 'cost', label: 'Own cost' },
  ];
  const open = openTab(tabs);
  return (
    <Page title="Status">
      <p class="muted">
        How Kansoku itself does. What it may read, and what is missing, is in <a href={link('/sources')}>Sources</a>.
      </p>
      {sources.problem && <Fault problem={sources.problem} stale={sources.data !== null} onRetry={sources.retry} />}
      {status.problem && <Fault problem={status.problem} stale={status.data !== null} onRetry={status.retry} />}
      <Tabs tabs={tabs} label="Parts of this page" />
      {open === 'agents' && <Agents agents={sources.data?.agents ?? null} />}
      {open === 'store' && <StoreStatus status={status.data} />}
      {open === 'queries' && <Queries status={status.data} />}
      {open === 'cost' && <OwnCost status={status.data} agents={sources.data?.agents ?? null} />}
    </Page>
  );
}
