import type { Source, SourceState } from '../../api/sources';
import { Icon } from '../../app/icons';
import type { IconName } from '../../app/icons';
import { exact, format } from '../../format/number';
import { ago, parseMoment } from '../../format/time';
import { query, setQuery } from '../../routes/location';
import { now } from '../../state/clock';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { fits, parseFilter } from '../../tables/filter';
import { useSort } from '../../tables/useSort';
import { FilterBox, filterText } from '../parts/FilterBox';

interface StateMark {
  word: string;
  tone: string;
  icon: IconName;
  /** What needs the reader's eye comes first. */
  rank: number;
}

const MARKS: Readonly<Record<SourceState, StateMark>> = {
  unreadable: { word: 'unreadable', tone: 'bad', icon: 'bad', rank: 0 },
  absent: { word: 'absent', tone: 'none', icon: 'absent', rank: 1 },
  untried: { word: 'not needed yet', tone: 'none', icon: 'absent', rank: 2 },
  ok: { word: 'read', tone: 'good', icon: 'ok', rank: 3 },
};

function columns(several: boolean): Column<Source>[] {
  return [
    {
      id: 'path',
      header: 'Path, and what it feeds',
      value: (it) => it.path,
      cell: source,
      title: (it) => `${it.example ?? it.path}\nfeeds: ${it.feeds}`,
    },
    {
      id: 'state',
      header: 'State',
      value: (it) => MARKS[it.state].rank,
      cell: (it) => {
        const mark = MARKS[it.state];
        return (
          <span class={`status ${mark.tone}`}>
            <Icon name={mark.icon} />
            {mark.word}
          </span>
        );
      },
    },
    ...(several ? [{ id: 'node', header: 'Read by', value: reader, cell: reader }] : []),
    {
      id: 'why',
      header: 'What is missing, and how to give it',
      value: (it) => it.missing_right ?? it.reason ?? null,
      cell: (it) =>
        it.state === 'ok' ? (
          <span class="muted">nothing</span>
        ) : (
          <>
            {[it.reason, it.missing_right].filter((part) => part !== null).join('. ') || <span class="muted">–</span>}
          </>
        ),
      class: 'wrap',
    },
    {
      id: 'right',
      header: 'Mode, owner',
      value: (it) => it.mode,
      cell: (it) => <span class="mono">{[it.mode, it.owner].filter((part) => part !== null).join(' ') || '–'}</span>,
    },
    {
      id: 'reads',
      header: 'Reads',
      end: true,
      value: (it) => it.reads,
      cell: (it) => format('count', it.reads),
      title: (it) => exact('count', it.reads),
    },
    {
      id: 'bytes',
      header: 'Bytes',
      end: true,
      value: (it) => it.bytes,
      cell: (it) => format('bytes', it.bytes),
      title: (it) => exact('bytes', it.bytes),
    },
    {
      id: 'errors',
      header: 'Errors',
      end: true,
      value: (it) => it.errors,
      cell: (it) => <span class={it.errors > 0 ? 'status warn' : ''}>{format('count', it.errors)}</span>,
      title: (it) => it.last_error ?? undefined,
    },
    {
      id: 'last',
      header: 'Last read',
      end: true,
      value: lastRead,
      cell: (it) => (lastRead(it) === null ? '–' : ago(lastRead(it) ?? 0, now.value)),
      title: (it) => it.last_read ?? undefined,
    },
  ];
}

function source(it: Source) {
  return (
    <span class="cell-name">
      <span class="mono">{it.path}</span>
      <small>{it.feeds}</small>
    </span>
  );
}

/** The node whose agent reads it, or the server. */
function reader(source: Source): string {
  return source.node ?? 'server';
}

function lastRead(source: Source): number | null {
  return source.last_read === null ? null : parseMoment(source.last_read);
}

/** Every file that agents read, what cannot be read first. */
export function SourceTable({ sources }: { sources: readonly Source[] | null }) {
  const all = sources ?? [];
  const several = new Set(all.map((source) => source.agent)).size > 1;
  const shown = columns(several);
  const { sort, onSort } = useSort(shown, { id: 'state', descending: false });
  const state = query.value.get('state');
  const terms = parseFilter(filterText());
  const rows = all.filter(
    (it) =>
      (state === null || it.state === state) &&
      fits(terms, {
        texts: { path: it.path, feeds: it.feeds, state: it.state, node: reader(it), reason: it.reason },
        numbers: { errors: it.errors },
      }),
  );
  const states = (Object.keys(MARKS) as SourceState[]).filter(
    (one) => one === state || all.some((it) => it.state === one),
  );
  return (
    <section class="section" aria-label="Sources">
      <div class="filter-bar">
        <FilterBox label="Filter sources" hint="Filter: path, feeds:memory, errors>0 …" />
        <div class="chips" role="group" aria-label="State">
          <button
            type="button"
            aria-pressed={state === null}
            onClick={() => setQuery({ state: null }, { replace: true })}
          >
            all <span class="muted num">{all.length}</span>
          </button>
          {states.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={state === one}
              onClick={() => setQuery({ state: one }, { replace: true })}
            >
              {MARKS[one].word} <span class="muted num">{all.filter((it) => it.state === one).length}</span>
            </button>
          ))}
        </div>
      </div>
      <DataTable
        caption="Sources"
        columns={shown}
        rows={rows}
        rowKey={(it) => `${it.agent} ${it.path}`}
        sort={sort}
        onSort={onSort}
        most={200}
        empty={
          sources === null ? (
            <span class="loading-note">Loading…</span>
          ) : all.length > 0 ? (
            'No source fits the filter.'
          ) : (
            'No agent has reported what it reads. It does so within a minute of its start; if none appears, look at its log.'
          )
        }
      />
    </section>
  );
}
