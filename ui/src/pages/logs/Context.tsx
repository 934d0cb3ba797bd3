import { useMemo, useState } from 'preact/hooks';
import { askLogs } from '../../api/logs';
import type { LogLine } from '../../api/logs';
import { Icon } from '../../app/icons';
import { usePageKeys } from '../../keyboard/usePageKeys';
import type { LineSource } from '../../logs/source';
import { setQuery } from '../../routes/location';
import type { Span } from '../../state/range';
import { useResource } from '../../state/resource';
import { Empty, Fault } from '../parts/Empty';
import type { FieldActions } from './JsonTree';
import { LinePane } from './LinePane';
import type { LineLook } from './LineRow';

const FIRST = 20;
const STEP = 50;
const MOST = 1000;

interface Properties {
  /** The line in the middle. */
  around: string;
  span: Span;
  look: LineLook;
  actions: FieldActions;
}

/** The lines before and after one in the same log, whatever the query says. */
export function Context({ around, span, look, actions }: Properties) {
  const [reach, setReach] = useState({ before: FIRST, after: FIRST });
  const { data, problem, loading, retry } = useResource(JSON.stringify([around, reach]), 0, async (signal) => {
    const answer = await askLogs(
      {
        start: new Date(span.start).toISOString(),
        end: new Date(span.end).toISOString(),
        filters: {},
        query: '',
        context: { around, ...reach },
      },
      signal,
    );
    return answer.lines ?? [];
  });
  const close = () => setQuery({ around: null });
  usePageKeys([{ keys: ['Escape'], what: 'Back to all lines', run: close }]);
  const lines = data ?? NONE;
  const source = useMemo(() => fixed(lines), [lines]);
  const anchor = lines.findIndex((line) => line.anchor === true);
  const [before, after] = [anchor, lines.length - 1 - anchor];
  const shown = lines[Math.max(0, anchor)];
  const place = [shown?.namespace, shown?.pod, shown?.container].filter((part) => part !== undefined).join(' / ');
  return (
    <section class="log-context" aria-label="Lines around one">
      <div class="log-bar">
        <button type="button" onClick={close} title="Back to all lines (Esc)">
          <Icon name="left" />
          All lines
        </button>
        <span class="muted">{place === '' ? (shown?.stream ?? '') : place}, oldest first</span>
        <span class="log-bar-end">
          <More
            label={`${STEP} more before`}
            ended={data !== null && before < reach.before}
            disabled={reach.before >= MOST}
            onPick={() => setReach({ ...reach, before: Math.min(MOST, reach.before + STEP) })}
          />
          <More
            label={`${STEP} more after`}
            ended={data !== null && after < reach.after}
            disabled={reach.after >= MOST}
            onPick={() => setReach({ ...reach, after: Math.min(MOST, reach.after + STEP) })}
          />
        </span>
      </div>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data === null && loading && <p class="loading-note muted">Loading…</p>}
      {data !== null && lines.length === 0 && (
        <Empty title="This line is not stored any more">
          <p>Its namespace keeps logs for a shorter time, or the address is of another server.</p>
        </Empty>
      )}
      {lines.length > 0 && (
        <LinePane
          key={around}
          source={source}
          version={0}
          label="Lines around the chosen one"
          look={look}
          first={anchor}
          actions={{ ...actions, onContext: (line) => setQuery({ around: line.id }) }}
        />
      )}
    </section>
  );
}

const NONE: readonly LogLine[] = [];
let epochs = 0;

function fixed(lines: readonly LogLine[]): LineSource {
  return {
    epoch: (epochs += 1),
    count: lines.length,
    line: (row) => lines[row] ?? null,
    bandsBefore: () => [],
  };
}

function More({
  label,
  ended,
  disabled,
  onPick,
}: {
  label: string;
  ended: boolean;
  disabled: boolean;
  onPick: () => void;
}) {
  return (
    <button type="button" disabled={disabled || ended} title={ended ? 'There are no more' : label} onClick={onPick}>
      {label}
    </button>
  );
}
