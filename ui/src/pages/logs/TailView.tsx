import { useEffect, useMemo } from 'preact/hooks';
import { serverNow } from '../../api/http';
import type { LogLine, LogOrder, LogSelection } from '../../api/logs';
import { followLogs } from '../../api/tail';
import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import { usePageKeys } from '../../keyboard/usePageKeys';
import { selectionKey } from '../../logs/state';
import { MOST_KEPT, Tail } from '../../logs/tailing';
import { Fault } from '../parts/Empty';
import type { FieldActions } from './JsonTree';
import { LinePane } from './LinePane';
import type { LineLook } from './LineRow';

/** Lines in a second at most: more than anybody reads, fewer than a browser minds. */
const RATE = 200;
/** What was written so shortly before comes first, so that the list does not begin empty. */
const BEFORE_MS = 60_000;

interface Properties {
  selection: LogSelection;
  order: LogOrder;
  look: LineLook;
  actions: FieldActions & { onContext: (line: LogLine) => void };
}

/** Lines as they come. Leaving the end at which they come, or opening one, lets them wait. */
export function TailView({ selection, order, look, actions }: Properties) {
  const key = `${selectionKey(selection)} ${order}`;
  const tail = useMemo(() => {
    let since = serverNow() - BEFORE_MS;
    return new Tail(order, (signal, heard, opened) => {
      const { filters, query } = selection;
      const question = { filters, query, rate: RATE, since: new Date(since).toISOString() };
      return followLogs(
        question,
        signal,
        (message) => {
          since = serverNow() - 2000;
          heard(message);
        },
        opened,
      );
    });
  }, [key]);
  useEffect(() => {
    tail.start();
    return () => tail.stop();
  }, [tail]);
  const version = tail.version.value;
  usePageKeys([{ keys: ['p'], what: 'Pause the tail, or go on', run: () => tail.pause(!tail.paused) }]);
  return (
    <div class="log-tail">
      <TailBar tail={tail} />
      {tail.problem && <Fault problem={tail.problem} stale={tail.count > 0} onRetry={() => tail.start()} />}
      <LinePane
        key={key}
        source={tail}
        version={version}
        label="Lines as they come"
        look={look}
        edge={order === 'newest' ? 'top' : 'bottom'}
        onEdge={(there) => {
          if (there !== !tail.paused) tail.pause(!there);
        }}
        onRead={() => {
          if (!tail.paused) tail.pause(true);
        }}
        actions={actions}
        footer={
          tail.count === 0 && (
            <p class="log-end muted">
              {tail.state === 'following' ? 'Nothing new fits yet. Lines appear here as they are stored.' : ''}
            </p>
          )
        }
      />
    </div>
  );
}

const STATES = {
  connecting: 'Connecting …',
  following: 'Following',
  interrupted: 'Interrupted; connecting again …',
  ended: 'Ended',
} as const;

function TailBar({ tail }: { tail: Tail }) {
  const { dropped, paused, waiting } = tail;
  const left = dropped.rate + dropped.slow;
  return (
    <div class="log-bar tail-bar">
      <span class={`status ${tail.state === 'following' ? 'good' : 'warn'}`} role="status">
        <Icon name={paused ? 'pause' : tail.state === 'following' ? 'play' : 'clock'} />
        {paused ? 'Paused' : STATES[tail.state]}
      </span>
      <button type="button" aria-pressed={paused} onClick={() => tail.pause(!paused)} title="Pause or go on ( p )">
        {paused ? (waiting > 0 ? `Go on, ${format('count', waiting)} waiting` : 'Go on') : 'Pause'}
      </button>
      <span class="num muted">{format('per_second', tail.rate(Date.now()))}</span>
      <span class="num muted">{exact('count', tail.count)} lines</span>
      {left > 0 && (
        <span
          class="status warn num"
          title={`${exact('count', dropped.rate)} over the rate, ${exact('count', dropped.slow)} as this page was too slow`}
        >
          <Icon name="warn" />
          {exact('count', left)} lines not shown: more than {RATE} in a second. Narrow the query to see all.
        </span>
      )}
      {tail.let_go > 0 && <span class="muted num">the newest {format('count', MOST_KEPT)} are kept</span>}
    </div>
  );
}
