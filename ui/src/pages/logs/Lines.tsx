import { useEffect } from 'preact/hooks';
import type { LossBand } from '../../api/logs';
import { MOST_ROWS } from '../../logs/pages';
import type { LinePages } from '../../logs/pages';
import { selectionKey } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { link } from '../../routes/links';
import { setQuery } from '../../routes/location';
import { Empty, Fault } from '../parts/Empty';
import type { FieldActions } from './JsonTree';
import { LinePane } from './LinePane';
import { BandRow } from './LineRow';
import type { LineLook } from './LineRow';

interface Properties {
  view: LogView;
  /** What is shown, and what was asked for last. */
  pages: LinePages | null;
  asked: LinePages;
  version: number;
  bands: readonly LossBand[];
  look: LineLook;
  actions: FieldActions;
  /** Whether what is wrong with the question is said beside it already. */
  queryFault: boolean;
}

/** The stored lines of the range, as far as one scrolls. */
export function Lines({ view, pages, asked, version, bands, look, actions, queryFault }: Properties) {
  useEffect(() => pages?.setBands(bands), [pages, bands]);
  const stale = pages !== null && pages !== asked;
  const dimmed = stale && asked.problem === null;
  return (
    <div class={`log-lines ${stale ? 'dimmed' : ''}`} aria-busy={dimmed}>
      {asked.problem && !queryFault && (
        <Fault problem={asked.problem} stale={pages !== null} onRetry={() => asked.retry()} />
      )}
      {pages === null && queryFault && <p class="log-end muted">The query cannot be answered as it is: see above.</p>}
      {pages === null && asked.problem === null && <p class="loading-note muted">Loading…</p>}
      {pages?.complete === true && pages.count === 0 && <Nothing view={view} bands={bands} look={look} />}
      {pages && pages.count > 0 && (
        <LinePane
          key={pages.epoch}
          source={pages}
          version={version}
          label="Lines"
          look={look}
          onShow={(from, to) => pages.show(from, to)}
          actions={{ ...actions, onContext: (line) => setQuery({ around: line.id }) }}
          footer={<End pages={pages} order={view.order} look={look} />}
        />
      )}
    </div>
  );
}

function End({ pages, order, look }: { pages: LinePages; order: LogView['order']; look: LineLook }) {
  if (pages.problem) return <Fault problem={pages.problem} stale={false} onRetry={() => pages.retry()} />;
  if (pages.complete)
    return (
      <div class="log-end muted">
        {pages.bandsBefore(pages.count).map((band) => (
          <BandRow key={`${band.log_source} ${band.kind} ${band.start}`} band={band} zone={look.zone} />
        ))}
        <p>{order === 'newest' ? 'The first line of the range.' : 'The last line of the range.'}</p>
      </div>
    );
  if (pages.count >= MOST_ROWS)
    return (
      <p class="log-end muted">
        {MOST_ROWS.toLocaleString('en-GB')} lines are as many as one list takes. Zoom into a part of the histogram for
        the rest.
      </p>
    );
  return <p class="log-end muted">Loading…</p>;
}

function Nothing({ view, bands, look }: { view: LogView; bands: readonly LossBand[]; look: LineLook }) {
  const narrowed = selectionKey(view) !== selectionKey({ filters: {}, query: '' });
  return (
    <Empty title={narrowed ? 'No line fits' : 'No lines in this range'}>
      <p>
        {narrowed
          ? 'In this range nothing fits both the query and what the page is narrowed to. Take a longer range ( - ), or fewer conditions.'
          : 'Nothing was written, or no agent may read it.'}
      </p>
      {bands.map((band) => (
        <BandRow key={`${band.log_source} ${band.kind} ${band.start}`} band={band} zone={look.zone} />
      ))}
      <p>
        <a href={link('/sources')}>Sources</a> shows which logs the agents may read; namespaces may also keep their logs
        for a shorter time than this range reaches back.
      </p>
    </Empty>
  );
}
