import { askLedger, askLogs } from '../../api/logs';
import { exact, format } from '../../format/number';
import { logsLink } from '../../routes/links';
import { length, span } from '../../state/clock';
import { useResource } from '../../state/resource';
import { asFilters } from '../parts/where';
import { Tile } from './Tile';

/** Counted again once in a minute: reading the levels of all lines costs more than a tick is worth. */
const EVERY_MS = 60_000;
const BUCKETS = 60;

/** How many lines were written over the range, how many of them errors, and whether any are missing. */
export function LogTile({ where }: { where: Readonly<Record<string, string>> }) {
  const end = Math.floor(span.value.end / EVERY_MS) * EVERY_MS;
  const subject = JSON.stringify([where, length.value]);
  const { data } = useResource(subject, end, async (signal) => {
    const filters = asFilters(where);
    const range = {
      start: new Date(end - length.peek() * 1000).toISOString(),
      end: new Date(end).toISOString(),
    };
    const [counts, ledger] = await Promise.all([
      askLogs({ ...range, filters, query: '', histogram: { buckets: BUCKETS }, lines: false }, signal),
      askLedger({ ...range, filters }, signal),
    ]);
    return { histogram: counts.histogram, bands: ledger.bands.length };
  });
  const buckets = data?.histogram?.buckets;
  // Nothing is said where logs are not collected.
  if (!buckets || buckets.length === 0) return null;
  const total = buckets.reduce((sum, bucket) => sum + bucket.total, 0);
  const bad = buckets.reduce((sum, { levels }) => sum + (levels.error ?? 0) + (levels.fatal ?? 0), 0);
  return (
    <Tile
      title="Log lines"
      value={format('count', total)}
      exactly={`${exact('count', total)} lines over the range`}
      note={`${format('count', bad)} errors${data.bands > 0 ? ` · missing in ${data.bands} stretches` : ''}`}
      trend={buckets.map((bucket) => bucket.total)}
    >
      <p class="tile-note">
        <a href={logsLink(where)}>Read them</a>
        {bad > 0 && (
          <>
            {' · '}
            <a href={logsLink(where, { level: 'fatal,error' })}>errors</a>
          </>
        )}
      </p>
    </Tile>
  );
}
