import { askSources } from '../../api/sources';
import type { SourceState } from '../../api/sources';
import { Page } from '../../app/Page';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { Fault } from '../parts/Empty';
import { openTab, Tabs } from '../parts/Tabs';
import { Agents } from './Agents';
import { Features } from './Features';
import { SourceTable } from './SourceTable';
import { StoreStatus } from './StoreStatus';

/** What is read, from where, by which right; what is missing and how to give it; who reads; what is kept. */
export function Sources() {
  const { data, problem, retry } = useResource('sources', now.value, askSources);
  const count = (state: SourceState) => data?.sources.filter((source) => source.state === state).length ?? null;
  const tabs = [
    { id: 'sources', label: 'Sources', count: data?.sources.length ?? null },
    { id: 'agents', label: 'Agents', count: data?.agents.length ?? null },
    { id: 'store', label: 'Store' },
  ];
  const open = openTab(tabs);
  return (
    <Page title="Sources">
      <p class="muted">
        Everything Kansoku shows is read from the files below, and on a cluster from the Kubernetes API. An agent needs
        no root and no right on that API; the server lists and watches there
        {count('unreadable') === 0
          ? '. Here everything that exists could be read.'
          : '. What may not be read is listed first, with the right that is missing.'}
      </p>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <Tabs tabs={tabs} label="Parts of this page" />
      {open === 'sources' && data && <Features agents={data.agents} />}
      {open === 'sources' && <SourceTable sources={data?.sources ?? null} />}
      {open === 'agents' && <Agents agents={data?.agents ?? null} />}
      {open === 'store' && <StoreStatus />}
    </Page>
  );
}
