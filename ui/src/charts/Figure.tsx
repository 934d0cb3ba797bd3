import { useContext, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { MetricQuestion } from '../api/metrics';
import type { Problem } from '../api/problem';
import { copy } from '../app/announce';
import { Icon } from '../app/icons';
import { Popover } from '../app/Popover';
import { exact, format, spoken } from '../format/number';
import { clockTime } from '../format/time';
import { goTo, query, setQuery } from '../routes/location';
import { setRange } from '../state/clock';
import type { Range } from '../state/range';
import { zone } from '../state/zone';
import { AlarmsOf, alarmsIn } from './alarms';
import { ChartTable } from './ChartTable';
import { cursor } from './cursor';
import { csv, curl, savePng } from './export';
import { HappeningsOf, within } from './happening';
import { HoverList } from './HoverList';
import { Legend } from './Legend';
import { useLines } from './lines';
import type { ChartModel } from './model';
import { description, summarize } from './summary';
import { TimeChart } from './TimeChart';

interface Properties {
  id: string;
  title: string;
  help?: string | undefined;
  model: ChartModel | null;
  /** Old data shown while new ones come. */
  dimmed: boolean;
  problem: Problem | null;
  /** Why there may be nothing, and what to do. */
  empty: ComponentChildren;
  question: MetricQuestion | null;
  onRetry: () => void;
  height?: number;
  /** Laid over the chart. */
  overlay?: ComponentChildren;
  /** The way to an alarm on this. */
  alarm?: string | null;
  /** What a part of the time is chosen for, where it is not to zoom in. */
  onRange?: ((range: Range) => void) | undefined;
}

/** A chart with all that belongs to it: caption, legend, hover list, table view, what can be copied. */
export function Figure({
  id,
  title,
  help,
  model,
  dimmed,
  problem,
  empty,
  question,
  onRetry,
  height = 176,
  overlay = null,
  alarm = null,
  onRange = setRange,
}: Properties) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const tables = (query.value.get('table') ?? '').split(',').filter((name) => name !== '');
  const asTable = tables.includes(id);
  const happened = useContext(HappeningsOf);
  const alarms = useContext(AlarmsOf);
  const shown = model && {
    ...model,
    series: model.series.filter((series) => !hidden.has(series.key)),
    happenings: within(model, happened),
    alarms: alarmsIn(model, alarms),
  };
  const lines = useLines();
  const filled =
    model?.series.some((series) => series.shape !== 'limit' && series.values.some((value) => value !== null)) === true;

  const switchTable = () => {
    const next = asTable ? tables.filter((name) => name !== id) : [...tables, id];
    setQuery({ table: next.length > 0 ? next.join(',') : null }, { replace: true });
  };
  const pick = (key: string, how: 'isolate' | 'toggle') => {
    const keys = model?.series.map((series) => series.key) ?? [];
    const others = keys.filter((other) => other !== key);
    if (how === 'isolate') setHidden(others.every((other) => hidden.has(other)) ? new Set() : new Set(others));
    else setHidden(hidden.has(key) ? new Set([...hidden].filter((other) => other !== key)) : new Set([...hidden, key]));
  };

  return (
    <figure
      class={`chart card ${dimmed ? 'dimmed' : ''} ${model && !filled ? 'vacant' : ''}`}
      id={id}
      aria-busy={dimmed}
    >
      <figcaption>
        <h3 title={help}>{title}</h3>
        {shown && filled && shown.bars !== true && <Reading model={shown} />}
        <span class="sr-only" id={`${id}-description`}>
          {help} {shown ? description(shown, zone.value) : ''}
        </span>
        <span class="chart-actions">
          <button
            type="button"
            class="quiet"
            aria-pressed={asTable}
            aria-label={`${title}: show as ${asTable ? 'chart' : 'table'}`}
            title={asTable ? 'Show as chart' : 'Show as table'}
            onClick={switchTable}
          >
            <Icon name={asTable ? 'chart' : 'table'} />
          </button>
          <Popover
            class="quiet"
            button={<Icon name="more" />}
            label={`${title}: copy and save`}
            title="Copy and save"
            align="end"
          >
            {(close) => (
              <ul class="menu">
                {alarm !== null && (
                  <li>
                    <a class="menu-link" href={alarm}>
                      Alarm on this
                    </a>
                  </li>
                )}
                {lines && <LinesItem lines={lines} />}
                <MenuItem
                  disabled={!shown}
                  onPick={() => {
                    close();
                    if (shown) void copy(csv(shown), 'Values');
                  }}
                >
                  Copy values as CSV
                </MenuItem>
                <MenuItem
                  disabled={!question}
                  onPick={() => {
                    close();
                    if (question) void copy(curl(question, window.location.origin), 'Request');
                  }}
                >
                  Copy request as curl
                </MenuItem>
                <MenuItem
                  disabled={asTable || !filled}
                  onPick={() => {
                    close();
                    const figure = document.getElementById(id);
                    if (figure) savePng(figure, `${id}-${title}`);
                  }}
                >
                  Save picture as PNG
                </MenuItem>
              </ul>
            )}
          </Popover>
        </span>
      </figcaption>
      {problem && <ChartProblem problem={problem} onRetry={onRetry} stale={filled} />}
      {model && shown && filled ? (
        <>
          <div class="chart-body">
            {asTable ? (
              <ChartTable title={title} model={shown} zone={zone.value} />
            ) : (
              <>
                <TimeChart
                  id={id}
                  model={shown}
                  zone={zone.value}
                  height={height}
                  label={title}
                  describedBy={`${id}-description`}
                  onRange={onRange}
                  {...(lines ? { onLines: (time: number) => goTo(lines(time)) } : {})}
                />
                <HoverList id={id} model={shown} zone={zone.value} lines={lines} />
                {overlay}
              </>
            )}
          </div>
          <Legend model={model} hidden={hidden} onPick={pick} />
        </>
      ) : (
        !problem && <div class="chart-empty">{model ? empty : <span class="loading-note">Loading…</span>}</div>
      )}
    </figure>
  );
}

/** Leads from the pinned moment, else from the whole range, to the log. */
function LinesItem({ lines }: { lines: (time: number | null) => string }) {
  const time = cursor.value.pinned ? cursor.value.time : null;
  return (
    <li>
      <a class="menu-link" href={lines(time)}>
        {time === null ? 'Log lines of this range' : `Log lines of this minute, ${clockTime(time, zone.value)}`}
      </a>
    </li>
  );
}

function MenuItem({
  disabled,
  onPick,
  children,
}: {
  disabled: boolean;
  onPick: () => void;
  children: ComponentChildren;
}) {
  return (
    <li>
      <button type="button" disabled={disabled} onClick={onPick}>
        {children}
      </button>
    </li>
  );
}

/** Current, lowest and highest value, in the caption. */
function Reading({ model }: { model: ChartModel }) {
  const found = summarize(model);
  if (!found) return null;
  return (
    <span class="reading num">
      <b title={`now: ${exact(model.unit, found.now)}`}>{spoken(model.unit, found.now)}</b>{' '}
      <span
        title={`${exact(model.unit, found.min)} to ${exact(model.unit, found.max)}; highest at ${clockTime(found.maxAt, zone.value)}`}
      >
        min {format(model.unit, found.min)} · max {format(model.unit, found.max)}
      </span>
    </span>
  );
}

function ChartProblem({ problem, onRetry, stale }: { problem: Problem; onRetry: () => void; stale: boolean }) {
  return (
    <div class="chart-problem" role="alert">
      <Icon name="warn" />
      <p>
        <b>{problem.title}.</b> {problem.detail}
        {stale && ' What is drawn is older.'}
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
