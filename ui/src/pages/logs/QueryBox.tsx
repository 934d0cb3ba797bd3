import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../api/problem';
import { Icon } from '../../app/icons';
import { Popover } from '../../app/Popover';
import { forgetQueries, recentQueries, remember } from '../../logs/recent';
import { rowsOf } from '../../logs/terms';
import { setQuery } from '../../routes/location';
import { FieldRows } from './FieldRows';

interface Properties {
  query: string;
  mode: 'text' | 'fields';
  /** What the server says about the query. */
  problem: Problem | null;
  fields: readonly string[];
  /** Values of a field in the lines of the page, for completion. */
  valuesOf: (field: string) => Promise<readonly { value: string; count: number }[]>;
  /** The same query again, with the newest lines. */
  onAgain: () => void;
}

/** Asks by a new query: in the address, and remembered. */
export function askBy(query: string): void {
  const text = query.trim();
  remember(text);
  setQuery({ q: text === '' ? null : text, around: null });
}

/** The query: as text, row by row, and in time in the language of Insights. */
export function QueryBox({ query, mode, problem, fields, valuesOf, onAgain }: Properties) {
  const [typed, setTyped] = useState(query);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(query), [query]);
  const rows = rowsOf(query);
  const ask = () => {
    if (typed.trim() === query.trim()) onAgain();
    else askBy(typed);
  };
  return (
    <div class="log-query">
      <div class="joined" role="group" aria-label="How the query is written">
        <button
          type="button"
          aria-pressed={mode === 'text'}
          onClick={() => setQuery({ mode: null }, { replace: true })}
        >
          Text
        </button>
        <button
          type="button"
          aria-pressed={mode === 'fields'}
          onClick={() => setQuery({ mode: 'fields' }, { replace: true })}
        >
          Fields
        </button>
        <button type="button" disabled title="The language of CloudWatch Logs Insights comes in a later version">
          Insights <span class="badge">later</span>
        </button>
      </div>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          class="mono"
          type="search"
          data-search
          aria-label="Query"
          aria-invalid={problem !== null}
          {...(problem ? { 'aria-describedby': 'log-query-fault' } : {})}
          placeholder={'timeout "connection reset" -healthz status:>=500 /re/i   (empty: every line)'}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            setTyped(query);
            event.currentTarget.blur();
            event.stopPropagation();
          }}
        />
        <Recent
          onPick={(text) => {
            setTyped(text);
            askBy(text);
          }}
        />
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      {problem && <QueryFault problem={problem} query={query} onGo={(at) => goTo(input.current, at)} />}
      {mode === 'fields' &&
        (rows ? (
          <FieldRows key={query} rows={rows} fields={fields} valuesOf={valuesOf} onChange={askBy} />
        ) : (
          <p class="muted log-wide">
            This query is more than conditions that must all hold, so it has no rows: change it as text, or{' '}
            <button type="button" class="link" onClick={() => askBy('')}>
              begin anew
            </button>
            .
          </p>
        ))}
    </div>
  );
}

/** Puts the caret where the fault is. */
function goTo(input: HTMLInputElement | null, at: number): void {
  input?.focus();
  input?.setSelectionRange(at, at + 1);
}

function Recent({ onPick }: { onPick: (query: string) => void }) {
  return (
    <Popover button={<Icon name="clock" />} label="Recent queries" align="end">
      {(close) => {
        const found = recentQueries();
        if (found.length === 0)
          return <p class="muted log-recent-none">Queries that you ask are kept here, on this computer.</p>;
        return (
          <ul class="menu log-recent">
            {found.map((text) => (
              <li key={text}>
                <button
                  type="button"
                  class="mono"
                  title={text}
                  onClick={() => {
                    close();
                    onPick(text);
                  }}
                >
                  {text}
                </button>
              </li>
            ))}
            <li>
              <button
                type="button"
                onClick={() => {
                  forgetQueries();
                  close();
                }}
              >
                Forget them
              </button>
            </li>
          </ul>
        );
      }}
    </Popover>
  );
}

/** Where in a text, from 0, a fault is; `null` when the server does not say or it is elsewhere. */
export function faultPlace(problem: Problem, query: string): number | null {
  const { line = 1, column, offset, path } = problem.position ?? {};
  if (path !== undefined && path !== 'query') return null;
  if (offset !== undefined) return Math.min(offset, query.length);
  if (column === undefined) return null;
  // Columns count characters, as the server's language does; the text here counts UTF-16 units.
  const lines = query.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = Array.from(lines[line - 1] ?? '')
    .slice(0, column - 1)
    .join('').length;
  return Math.min(before + within, query.length);
}

/** What is wrong with the query, with the very character marked. */
function QueryFault({ problem, query, onGo }: { problem: Problem; query: string; onGo: (at: number) => void }) {
  const at = faultPlace(problem, query);
  const character = at === null ? '' : (Array.from(query.slice(at))[0] ?? '');
  return (
    <div class="log-fault log-wide" id="log-query-fault" role="alert">
      <Icon name="warn" />
      <div>
        <p>
          <b>{problem.title}.</b> {problem.detail}
        </p>
        {at !== null && (
          <p>
            <code>
              {query.slice(0, at)}
              <mark>{character === '' ? '␣' : character}</mark>
              {query.slice(at + character.length)}
            </code>{' '}
            <button type="button" class="link" onClick={() => onGo(at)}>
              character {at + 1}
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
