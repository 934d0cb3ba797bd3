import { askLogs } from '../../api/logs';
import type { LogFilters } from '../../api/logs';
import { clockTime, parseMoment } from '../../format/time';
import { logsLink, minuteOf } from '../../routes/links';
import type { LogScope } from '../../routes/links';
import { useResource } from '../../state/resource';
import { zone } from '../../state/zone';
import { Fault } from './Empty';

const DAY_MS = 86400_000;

interface Properties {
  /** Exact values of columns of the log. */
  of: LogScope;
  /** The moment up to which lines count. */
  until: number;
  title: string;
  most?: number;
}

/** The last lines of something up to a moment, with the way to the log at that moment. */
export function LastLines({ of, until, title, most = 6 }: Properties) {
  const filters: LogFilters = Object.fromEntries(
    (['cluster', 'node', 'namespace', 'pod', 'pod_uid', 'container', 'container_id'] as const).flatMap((key) => {
      const value = of[key];
      return typeof value === 'string' && value !== '' ? [[key, [value]]] : [];
    }),
  );
  // Lines of the same second, and those that the runtime stamps a little late, belong to it.
  const end = Math.ceil(until / 1000) * 1000 + 2000;
  const { data, problem, retry } = useResource(JSON.stringify([filters, end, most]), end, async (signal) =>
    askLogs(
      {
        filters,
        query: of.q ?? '',
        start: new Date(end - DAY_MS).toISOString(),
        end: new Date(end).toISOString(),
        order: 'newest',
        limit: most,
      },
      signal,
    ),
  );
  const lines = [...(data?.lines ?? [])].reverse();
  return (
    <div class="last-lines">
      <p class="last-lines-head">
        <b>{title}</b> <a href={logsLink(of, minuteOf(until, 2))}>In the log at that moment</a>
      </p>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      {data &&
        (lines.length === 0 ? (
          <p class="muted">It wrote no line in the day before.</p>
        ) : (
          <ol class="mono" tabIndex={0} aria-label={title}>
            {lines.map((line) => {
              const time = parseMoment(line.time);
              return (
                <li key={line.id}>
                  <time class="num" datetime={line.time}>
                    {time === null ? '' : clockTime(time, zone.value)}
                  </time>{' '}
                  {line.message}
                </li>
              );
            })}
          </ol>
        ))}
    </div>
  );
}
