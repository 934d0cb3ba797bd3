import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { asProblem } from '../../api/problem';
import { announce, copy } from '../../app/announce';
import { Icon } from '../../app/icons';
import { Popover } from '../../app/Popover';
import { COLUMNS } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { setQuery } from '../../routes/location';
import type { Span } from '../../state/range';
import { download, viewLink } from './share';
import type { Format } from './share';

interface Properties {
  view: LogView;
  span: Span;
  /** Whether lines are what is shown. */
  lines: boolean;
  facetsOpen: boolean;
  onFacets: () => void;
  children: ComponentChildren;
}

/** How lines are shown, and what can be taken away. */
export function Toolbar({ view, span, lines, facetsOpen, onFacets, children }: Properties) {
  return (
    <div class="log-bar" role="group" aria-label="How lines are shown">
      <button
        type="button"
        aria-pressed={facetsOpen}
        onClick={onFacets}
        title="Fields and how often they have which value"
      >
        <Icon name="table" />
        Values
      </button>
      <span class="log-count num">{children}</span>
      <span class="log-bar-end">
        {lines && (
          <>
            <button
              type="button"
              title="The other order"
              onClick={() => setQuery({ order: view.order === 'newest' ? 'oldest' : null }, { replace: true })}
            >
              {view.order === 'newest' ? 'Newest first' : 'Oldest first'}
            </button>
            <button
              type="button"
              aria-pressed={view.wrap}
              title="Whole messages, or one row for each ( w )"
              onClick={() => setQuery({ wrap: view.wrap ? null : 'on' }, { replace: true })}
            >
              Wrap
            </button>
            <button
              type="button"
              aria-pressed={view.colours}
              title="Colours that the programs wrote (ANSI), or plain text"
              onClick={() => setQuery({ ansi: view.colours ? 'off' : null }, { replace: true })}
            >
              ANSI colours
            </button>
            <Columns view={view} />
            <Download view={view} span={span} />
          </>
        )}
        <button
          type="button"
          title="Copy a link to this view, its times fixed"
          aria-label="Copy a link to this view"
          onClick={() => void copy(viewLink(span), 'Link')}
        >
          <Icon name="link" />
        </button>
        <TailButton on={view.tail} />
      </span>
    </div>
  );
}

function Columns({ view }: { view: LogView }) {
  return (
    <Popover button="Columns" label="Columns" title="What stands between time and message" align="end">
      {() => (
        <ul class="menu checks">
          {COLUMNS.map((column) => (
            <li key={column}>
              <label>
                <input
                  type="checkbox"
                  checked={view.columns.includes(column)}
                  onChange={() =>
                    // In the order of the list, and an empty choice is one too.
                    setQuery(
                      {
                        cols:
                          COLUMNS.filter((one) => view.columns.includes(one) !== (one === column)).join(',') || 'none',
                      },
                      { replace: true },
                    )
                  }
                />
                {column}
              </label>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function Download({ view, span }: { view: LogView; span: Span }) {
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const start = (format: Format) => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setBusy(true);
    download(view, span, view.order, format, signal)
      .catch((thrown: unknown) => {
        announce(signal.aborted ? 'Given up; nothing was saved.' : `Not saved. ${asProblem(thrown).detail}`);
      })
      .finally(() => setBusy(false));
  };
  if (busy)
    return (
      <button type="button" onClick={() => abort.current?.abort()}>
        <Icon name="close" />
        Give up saving
      </button>
    );
  return (
    <Popover button={<Icon name="download" />} label="Save lines" align="end">
      {(close) => (
        <ul class="menu">
          {(['ndjson', 'text'] as const).map((format) => (
            <li key={format}>
              <button
                type="button"
                onClick={() => {
                  close();
                  start(format);
                }}
              >
                {format === 'ndjson' ? 'Save as NDJSON, every field' : 'Save as text'}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

/** Starts or ends following. */
export function toggleTail(on: boolean): void {
  setQuery({ tail: on ? null : 'on', around: null, tab: null });
}

function TailButton({ on }: { on: boolean }) {
  return (
    <button
      type="button"
      class={on ? '' : 'live-off'}
      aria-pressed={on}
      title="Show lines as they come ( l )"
      onClick={() => toggleTail(on)}
    >
      <span class="live-dot" />
      Live tail
    </button>
  );
}
