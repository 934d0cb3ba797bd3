import type { LogPattern } from '../../api/logs';
import { askLogs } from '../../api/logs';
import type { LogSelection } from '../../api/logs';
import { Icon } from '../../app/icons';
import { Sparkline } from '../../charts/Sparkline';
import { exact, format } from '../../format/number';
import { ago, dateTime, parseMoment } from '../../format/time';
import { levelOf, levelWord, LEVELS } from '../../logs/level';
import { selectionKey } from '../../logs/state';
import { patternQuery } from '../../logs/terms';
import { now } from '../../state/clock';
import type { Span } from '../../state/range';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Fault } from '../parts/Empty';
import { askBy } from './QueryBox';

const MOST = 50;

interface Properties {
  selection: LogSelection;
  span: Span;
  edition: number;
}

/** What kinds of lines there are: templates with counts, trend and first sight. */
export function Patterns({ selection, span, edition }: Properties) {
  const { data, problem, loading, outdated, retry } = useResource(
    `${selectionKey(selection)} ${span.start} ${span.end}`,
    edition,
    async (signal) => {
      const answer = await askLogs(
        {
          filters: selection.filters,
          query: selection.query,
          start: new Date(span.start).toISOString(),
          end: new Date(span.end).toISOString(),
          patterns: { limit: MOST },
          lines: false,
        },
        signal,
      );
      return answer.patterns ?? [];
    },
  );
  const columns = patternColumns(selection.query);
  const { sort, onSort } = useSort(columns, { id: 'count', descending: true });
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <DataTable
        caption="Patterns"
        columns={columns}
        rows={data ?? []}
        rowKey={(it) => it.pattern}
        sort={sort}
        onSort={onSort}
        most={MOST}
        dimmed={loading && (outdated || data === null)}
        empty={
          data === null
            ? problem === null && <span class="loading-note">Loading…</span>
            : 'No line fits, so there is no pattern. Take a longer range, or fewer conditions.'
        }
      />
    </>
  );
}

function patternColumns(query: string): Column<LogPattern>[] {
  return [
    {
      id: 'pattern',
      header: 'Pattern',
      value: (it) => it.pattern,
      cell: (it) => <PatternCell pattern={it} query={query} />,
      class: 'pattern',
    },
    {
      id: 'level',
      header: 'Level',
      help: 'The worst first',
      value: (it) => LEVELS.indexOf(levelOf(it.level)),
      cell: (it) => (
        <span class={`line-level ${levelOf(it.level) === '' ? 'unlevelled' : levelOf(it.level)}`}>
          {levelOf(it.level) === '' ? '–' : levelWord(it.level)}
        </span>
      ),
    },
    {
      id: 'count',
      header: 'Lines',
      end: true,
      value: (it) => it.count,
      cell: (it) => (
        <span class="with-spark">
          <Sparkline values={it.trend} />
          <span class="num">{format('count', it.count)}</span>
        </span>
      ),
      title: (it) => `${exact('count', it.count)} lines; the line is their number over the range`,
    },
    {
      id: 'share',
      header: 'Share',
      end: true,
      value: (it) => it.share,
      cell: (it) => format('percent', it.share * 100),
      title: (it) => exact('percent', it.share * 100),
    },
    {
      id: 'first',
      header: 'First seen',
      help: 'Within the range',
      end: true,
      value: (it) => parseMoment(it.first),
      cell: (it) => ago(parseMoment(it.first) ?? 0, now.value),
      title: (it) =>
        `first ${dateTime(parseMoment(it.first) ?? 0, zone.value)}, last ${dateTime(parseMoment(it.last) ?? 0, zone.value)}`,
    },
  ];
}

function PatternCell({ pattern, query }: { pattern: LogPattern; query: string }) {
  const forIt = patternQuery(pattern.pattern);
  const out = patternQuery(pattern.pattern, true);
  const parts = pattern.pattern.split('<*>');
  return (
    <span class="pattern-cell">
      <code title={pattern.sample}>
        {parts.map((part, index) => (
          <span key={index}>
            {index > 0 && <span class="pattern-hole">&lt;*&gt;</span>}
            {part}
          </span>
        ))}
      </code>
      {forIt !== '' && (
        <span class="field-buttons">
          <button
            type="button"
            class="quiet"
            aria-label={`Lines with the words of ${pattern.pattern}`}
            title={`Lines with its words: ${forIt}`}
            onClick={() => askBy(joined(query, forIt))}
          >
            <Icon name="plus" />
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={`Lines without the words of ${pattern.pattern}`}
            title={`Lines without: ${out}`}
            onClick={() => askBy(joined(query, out))}
          >
            <Icon name="minus" />
          </button>
        </span>
      )}
    </span>
  );
}

/** OR binds weaker than what is added, so a query with one is put in parentheses. */
function joined(query: string, added: string): string {
  const before = query.trim();
  if (before === '') return added;
  return /\bOR\b/.test(before) ? `(${before}) ${added}` : `${before} ${added}`;
}
