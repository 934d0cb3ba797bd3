import { chance } from './noise.ts';
import type { Thing } from './thing.ts';

/** The few questions in SQL that pages ask, answered from an invented world; all others without a row. */

export function sql({ sql: text }: { sql: string }, things: readonly Thing[]): unknown {
  const rows = text.includes('cpu_request_cores') ? requests(things) : [];
  return { columns: [], rows, stats: { rows: rows.length, truncated: false, elapsed_ms: 1 } };
}

function requests(things: readonly Thing[]): object[] {
  return things
    .filter((thing) => thing.type === 'pod')
    .map((thing) => {
      const draw = chance(`${thing.names.pod_uid ?? ''} request`);
      return {
        pod_uid: thing.names.pod_uid,
        cpu: draw < 0.1 ? null : 0.05 * 2 ** Math.floor(draw * 6),
        memory: draw < 0.1 ? null : 64 * 1024 ** 2 * 2 ** Math.floor(draw * 5),
      };
    });
}
