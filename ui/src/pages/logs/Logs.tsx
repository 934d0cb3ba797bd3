import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { LogAnswer, LossBand } from '../../api/logs';
import { Page } from '../../app/Page';
import { exact, format } from '../../format/number';
import { duration } from '../../format/time';
import { usePageKeys } from '../../keyboard/usePageKeys';
import { fieldNames } from '../../logs/json';
import { FACETS, toggled, viewOf } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { condition, withCondition } from '../../logs/terms';
import { query, setQuery } from '../../routes/location';
import type { Span } from '../../state/range';
import { zone } from '../../state/zone';
import { openTab, Tabs } from '../parts/Tabs';
import { Context } from './Context';
import { Facets } from './Facets';
import { Histogram, totalOf } from './Histogram';
import type { FieldActions } from './JsonTree';
import type { LineLook } from './LineRow';
import { Lines } from './Lines';
import { Patterns } from './Patterns';
import { askBy, faultPlace, QueryBox } from './QueryBox';
import { ScopeRow } from './ScopeRow';
import { TailView } from './TailView';
import { toggleTail, Toolbar } from './Toolbar';
import { again, useAskedSpan, useCounts, useLedger, usePages, valuesOf } from './useLogs';

const TABS = [
  { id: 'lines', label: 'Lines' },
  { id: 'patterns', label: 'Patterns' },
];

const LINE_FIELDS = ['level', 'namespace', 'pod', 'container', 'node', 'stream', 'file'];
const MOST_FIELDS = 60;
const MOST_SAMPLED = 300;
const LONG_MS = 20 * 3600_000;
const NO_BANDS: readonly LossBand[] = [];

/** Lines of containers and of the nodes: searched, counted, followed. */
export function Logs() {
  const view = viewOf(query.value);
  const span = useAskedSpan(view);
  const { pages, asked } = usePages(view, span);
  const counts = useCounts(view, span);
  const ledger = useLedger(view, span);
  const [facetsOpen, setFacetsOpen] = useState(() => window.matchMedia('(min-width: 861px)').matches);
  const version = (pages?.version.value ?? 0) + asked.version.value;
  const bands = ledger.data?.bands ?? NO_BANDS;

  usePageKeys([
    {
      keys: ['w'],
      what: 'Whole messages, or a row for each',
      run: () => setQuery({ wrap: view.wrap ? null : 'on' }, { replace: true }),
    },
    { keys: ['l'], what: 'Follow new lines, or stop', run: () => toggleTail(view.tail) },
    { keys: ['r'], what: 'Ask again, up to now', run: askAgain },
  ]);

  const fields = useMemo(() => {
    const messages: string[] = [];
    for (const line of pages?.heldLines() ?? []) {
      messages.push(line.message);
      if (messages.length >= MOST_SAMPLED) break;
    }
    return [...LINE_FIELDS, ...fieldNames(messages, MOST_FIELDS)];
  }, [pages, pages?.count]);
  const actions: FieldActions = {
    onFilter: (field, value, not) => askBy(withCondition(view.query, condition(field, value, not))),
    onFacet: (field) => setQuery({ facets: toggled(view.facets, field) }, { replace: true }),
  };
  const values = (field: string, typed?: string) => valuesOf(view, span, field, typed);
  const look: LineLook = {
    columns: view.columns,
    wrap: view.wrap,
    colours: view.colours,
    zone: zone.value,
    dated: span.end - span.start > LONG_MS,
  };
  const problem = view.tail ? counts.problem : (asked.problem ?? counts.problem);
  const queryProblem = problem !== null && faultPlace(problem, view.query) !== null ? problem : null;
  const tab = openTab(TABS);

  return (
    <Page title="Logs" scope={['cluster', 'node', 'namespace']} follows={false}>
      <h2 class="sr-only">Lines of logs</h2>
      <div class="log-ask">
        <QueryBox
          query={view.query}
          mode={view.mode}
          problem={queryProblem}
          fields={fields}
          valuesOf={values}
          onAgain={askAgain}
        />
        <ScopeRow view={view} valuesOf={values} />
      </div>
      {queryProblem === null || counts.data ? (
        <Histogram
          histogram={counts.data?.histogram ?? null}
          span={span}
          bands={bands}
          bandProblem={ledger.problem}
          dimmed={counts.loading && counts.outdated}
          problem={queryProblem ? null : counts.problem}
          onRetry={counts.retry}
        />
      ) : null}
      <div class="log-main card">
        <Tabs tabs={TABS} label="What is shown of the lines" />
        <Toolbar
          view={view}
          span={span}
          lines={tab === 'lines'}
          facetsOpen={facetsOpen}
          onFacets={() => setFacetsOpen(!facetsOpen)}
        >
          <Found counts={counts.data} />
        </Toolbar>
        <div class={`log-body ${facetsOpen ? 'with-facets' : ''}`}>
          {facetsOpen && (queryProblem === null || counts.data) && (
            <Facets
              facets={counts.data?.facets ?? null}
              names={[...new Set([...FACETS, ...view.facets])]}
              fields={fields}
              dimmed={counts.loading && counts.outdated}
              actions={actions}
              valuesOf={values}
            />
          )}
          <div class="log-content">
            <Content
              tab={tab}
              view={view}
              span={span}
              look={look}
              actions={actions}
              lines={
                <Lines
                  view={view}
                  pages={pages}
                  asked={asked}
                  version={version}
                  bands={bands}
                  look={look}
                  actions={actions}
                  queryFault={queryProblem !== null}
                />
              }
            />
          </div>
        </div>
      </div>
    </Page>
  );
}

function askAgain(): void {
  again.value += 1;
}

function Content({
  tab,
  view,
  span,
  look,
  actions,
  lines,
}: {
  tab: string;
  view: LogView;
  span: Span;
  look: LineLook;
  actions: FieldActions;
  lines: ComponentChildren;
}) {
  if (view.around !== null) return <Context around={view.around} span={span} look={look} actions={actions} />;
  if (tab === 'patterns') return <Patterns selection={view} span={span} edition={again.value} />;
  if (view.tail)
    return (
      <TailView
        selection={{ filters: view.filters, query: view.query }}
        order={view.order}
        look={look}
        actions={{ ...actions, onContext: (line) => setQuery({ around: line.id }) }}
      />
    );
  return <>{lines}</>;
}

/** How many there are, and how the server found them. */
function Found({ counts }: { counts: LogAnswer | null }) {
  if (!counts?.histogram) return null;
  const total = totalOf(counts.histogram);
  const { scanned_rows: scanned, elapsed_ms: elapsed, notes = [] } = counts.stats ?? {};
  const how = [
    scanned === undefined ? null : `${exact('count', scanned)} rows read`,
    elapsed === undefined ? null : duration(elapsed / 1000),
  ].filter((part) => part !== null);
  return (
    <span title={how.join(' in ')}>
      <b title={exact('count', total)}>{total < 100_000 ? exact('count', total) : format('count', total)}</b> lines
      {notes.length > 0 && <span class="muted"> · {notes.join(' · ')}</span>}
    </span>
  );
}
