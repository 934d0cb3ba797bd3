import { useMemo } from 'preact/hooks';
import { firingOf } from '../../alarms/concern';
import { Page } from '../../app/Page';
import { alarmedOf, alarmNames, ALARM_LEVELS, levelOf } from '../../map/alarmed';
import type { Alarmed } from '../../map/alarmed';
import type { Cell } from '../../map/cell';
import { grouped } from '../../map/group';
import { cpuUsed, memoryUsed } from '../../measures/cgroup';
import { SHADES } from '../../map/shade';
import type { Counts } from '../../map/shade';
import { useAlarms } from '../../state/alarms';
import { BY_POD, countsBy, useCounts } from '../../state/counts';
import { hasPods } from '../../app/nav';
import { nodes } from '../../state/inventory';
import { useRequests } from '../../state/requests';
import { scope, scopeWhere } from '../../state/scope';
import { fits, parseFilter } from '../../tables/filter';
import type { Fields } from '../../tables/filter';
import { Empty, Fault } from '../parts/Empty';
import { FilterBox, filterText } from '../parts/FilterBox';
import { AlarmNotes } from './AlarmNotes';
import { byAlarms, BY_HEALTH, byShade } from './colouring';
import { Controls } from './Controls';
import { MapTable } from './MapTable';
import { PodMap } from './PodMap';
import { Scale } from './Scale';
import type { AlarmCounts } from './Scale';
import { HEALTH, mapView } from './state';
import { usePods } from './usePods';

/** Every pod as a cell: where it runs, how it does. */
export function PodsMap() {
  const where = scopeWhere(scope.value);
  const view = mapView();
  const { cells, judged, cut, problem, loading, retry } = usePods(where);
  const colour = view.colour ?? (judged ? HEALTH : 'cpu');
  const counts = usePodCounts(where);
  const requests = useRequests(view.size !== 'equal', where);

  const answer = useAlarms();
  const hasAlarms = answer !== null;
  // As a text: the scope is another object each time.
  const narrowed = JSON.stringify(where);
  const firing = useMemo(
    () => firingOf(answer?.alarms ?? []).filter(({ its }) => mayBeIn(its, where)),
    [answer, narrowed],
  );
  const onCells = useMemo(() => alarmedOf(firing, cells ?? [], [], view.group).cells, [firing, cells, view.group]);
  const filter = filterText();
  const shown = useMemo(() => {
    const terms = parseFilter(filter);
    return terms.length === 0 ? (cells ?? []) : (cells ?? []).filter((cell) => fits(terms, fieldsOf(cell, onCells)));
  }, [cells, filter, filter === '' ? null : onCells]);
  const groups = useMemo(() => grouped(shown, view.group), [shown, view.group]);
  const alarmed = useMemo(
    () => alarmedOf(firing, cells ?? [], groups, view.group),
    [firing, cells, groups, view.group],
  );
  const colourings = useMemo(
    () => [
      ...(judged ? [BY_HEALTH] : []),
      ...(hasAlarms ? [byAlarms(alarmed)] : []),
      ...SHADES.map((it) => byShade(it, counts)),
    ],
    [judged, hasAlarms, alarmed, counts],
  );
  const colouring = colourings.find((one) => one.id === colour) ?? colourings[0] ?? BY_HEALTH;
  const ordered = useMemo(() => groups.flatMap((group) => group.cells), [groups]);
  const places = useMemo(() => Int8Array.from(ordered, colouring.place), [ordered, colouring]);
  const alarmCounts = useMemo(() => (hasAlarms ? countsOf(alarmed, shown) : null), [hasAlarms, alarmed, shown]);
  const sizes = view.size === 'equal' ? null : requests.data;
  const sized = view.size === 'equal' || sizes === null ? null : { by: view.size, requests: sizes };

  return (
    <Page title="Map" scope={['cluster', 'node', 'namespace']}>
      {problem && <Fault problem={problem} stale={cells !== null} onRetry={retry} />}
      {requests.problem && <Fault problem={requests.problem} stale={false} onRetry={requests.retry} />}
      <div class="filter-bar">
        <FilterBox
          label="Filter pods"
          hint="Filter: words, namespace:shop, workload:web, is:critical, is:alarm, cpu>0.1 …"
        />
        <Controls view={view} colour={colouring.id} colours={colourings} />
        <span class="total num" aria-live="polite">
          {shown.length} of {cells?.length ?? 0} pods
        </span>
      </div>
      {cells === null && loading && <p class="loading-note muted">Loading…</p>}
      {cut && (
        <p class="banner">There are more pods than this page takes: choose a cluster, node or namespace above.</p>
      )}
      {cells?.length === 0 && <NoPods />}
      {cells !== null && cells.length > 0 && (
        <>
          <Scale colouring={colouring} places={places} alarms={alarmCounts} group={view.group} />
          {answer && <AlarmNotes answer={answer} alarmed={alarmed} groups={groups} group={view.group} />}
          <p class="sr-only" id="map-description">
            {colouring.help} Blocks are {view.group === 'node' ? 'nodes' : `${view.group}s`}, cells are pods. What goes
            off on a cell or on its block is told with the cell. Arrow keys move from cell to cell, Page Up and Page
            Down from block to block, Enter opens the page of the pod, Escape leaves. The button "As table" shows the
            same as a table.
          </p>
          {view.table ? (
            <MapTable
              cells={shown}
              colourings={colourings}
              colour={colouring.id}
              alarmed={hasAlarms ? alarmed : null}
            />
          ) : shown.length === 0 ? (
            <p class="muted">No pod fits the filter.</p>
          ) : (
            <PodMap
              groups={groups}
              group={view.group}
              colouring={colouring}
              sized={sized}
              places={places}
              cells={ordered}
              alarmed={alarmed}
              describedBy="map-description"
            />
          )}
          {!view.table && (
            <p class="muted map-note">
              {colouring.help} Arrow keys move, Enter opens.
              {sized &&
                ' Sizes are bounded: what requests nothing can still be seen, and what requests most leaves room.'}
            </p>
          )}
        </>
      )}
    </Page>
  );
}

function NoPods() {
  return (
    <Empty title="No pod in this scope">
      <p>
        {hasPods.value
          ? 'Clear the scope above, or choose another namespace.'
          : `No agent sees a pod on ${(nodes.value?.length ?? 0) === 1 ? 'this node' : 'any node'}. Pods are found by their cgroups (kubepods): a machine without Kubernetes has none.`}
      </p>
    </Empty>
  );
}

/** Restarts and error lines of the range by pod. */
function usePodCounts(where: Readonly<Record<string, string>>): Counts {
  const { data } = useCounts(where);
  return useMemo(() => {
    if (!data) return { restarts: null, errors: null };
    const by = countsBy(data, BY_POD);
    return {
      restarts: new Map([...by].map(([uid, of]) => [uid, of.restarts])),
      errors: data.withErrors ? new Map([...by].map(([uid, of]) => [uid, of.errors ?? 0])) : null,
    };
  }, [data]);
}

/** Whether what an alarm is about may lie in the scope: what it does not name tells nothing against it. */
function mayBeIn(its: Partial<Record<string, string>>, where: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([name, value]) => its[name] === undefined || its[name] === value);
}

function countsOf({ cells, blocks }: Alarmed, shown: readonly Cell[]): AlarmCounts {
  const counts = Object.fromEntries(ALARM_LEVELS.map((level) => [level, 0])) as Record<
    (typeof ALARM_LEVELS)[number],
    number
  >;
  for (const cell of shown) counts[levelOf(cells.get(cell.key))] += 1;
  return { cells: counts, blocks: blocks.size };
}

function fieldsOf(cell: Cell, alarms: Alarmed['cells']): Fields {
  const firing = alarms.get(cell.key) ?? [];
  return {
    texts: {
      name: cell.name,
      uid: cell.uid,
      namespace: cell.namespace,
      workload: cell.workload,
      node: cell.node,
      phase: cell.phase,
      is: [cell.severity, cell.verdict?.word, firing.length > 0 ? 'alarm' : null]
        .filter((part) => part !== null && part !== undefined)
        .join(' '),
      alarm: alarmNames(firing).join(' '),
    },
    numbers: { cpu: cell.row && cpuUsed(cell.row), memory: cell.row && memoryUsed(cell.row) },
  };
}
