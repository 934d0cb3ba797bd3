import { askSources } from '../../api/sources';
import type { SourceState } from '../../api/sources';
import { Page } from '../../app/Page';
import { link } from '../../routes/links';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { Fault } from '../parts/Empty';
import { Features } from './Features';
import { Rungs } from './Rungs';
import { SourceTable } from './SourceTable';

/** What is read, from where, by which right; what is missing and how to give it. */
export function Sources() {
  const { data, problem, retry } = useResource('sources', now.value, askSources);
  const count = (state: SourceState) => data?.sources.filter((source) => source.state === state).length ?? null;
  return (
    <Page title="Sources">
      <p class="muted">
        Everything Kansoku shows is read from the files below, and on a cluster from the Kubernetes API. An agent needs
        no root and no right on that API; the server lists and watches there
        {count('unreadable') === 0
          ? '. Here everything that exists could be read.'
          : '. What may not be read is listed first, with the right that is missing.'}{' '}
        Who reads, what it costs and what is kept: <a href={link('/status')}>Status</a>.
      </p>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data?.rungs && <Rungs rungs={data.rungs} />}
      {data && <Features agents={data.agents} />}
      <SourceTable sources={data?.sources ?? null} />
    </Page>
  );
}
