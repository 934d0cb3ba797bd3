import { verdictWords } from '../../api/verdicts';
import { Verdict } from '../parts/VerdictMark';
import type { Cell } from '../../map/cell';
import type { Colouring } from './colouring';

/** Beside a cell: what pod it is, what it is coloured by, what is said of it. */
export function CellTip({ cell, colouring, size }: { cell: Cell; colouring: Colouring; size: string | null }) {
  const value = colouring.write(cell);
  const state = cell.row === null ? (cell.phase ?? 'not running') : cell.row.health.state;
  return (
    <>
      <p class="map-tip-name">{cell.name}</p>
      <dl>
        <dt>namespace</dt>
        <dd>{cell.namespace ?? 'not known yet'}</dd>
        {cell.workload !== null && (
          <>
            <dt>workload</dt>
            <dd>{cell.workload}</dd>
          </>
        )}
        <dt>node</dt>
        <dd>{cell.node ?? 'none'}</dd>
        {colouring.id !== 'health' && (
          <>
            <dt>{colouring.label}</dt>
            <dd class="num">{value ?? `no value: ${colouring.absent}`}</dd>
          </>
        )}
        {size !== null && (
          <>
            <dt>requested</dt>
            <dd class="num">{size}</dd>
          </>
        )}
        {(cell.verdict !== null || state !== 'live') && (
          <>
            <dt>state</dt>
            <dd>{cell.verdict ? <Verdict verdict={cell.verdict} /> : state}</dd>
          </>
        )}
      </dl>
      {cell.verdict && <p class="map-tip-why">{cell.verdict.reason}</p>}
    </>
  );
}

/** The same for the ear, in one sentence. */
export function cellWords(cell: Cell, colouring: Colouring, place: string): string {
  const value = colouring.write(cell);
  return [
    cell.name,
    cell.namespace === null ? null : `namespace ${cell.namespace}`,
    cell.workload,
    cell.node === null ? 'on no node' : `on ${cell.node}`,
    `${colouring.label}: ${value ?? 'no value'}`,
    cell.verdict &&
      (colouring.id === 'health' ? cell.verdict.reason : `${verdictWords(cell.verdict.word)}: ${cell.verdict.reason}`),
    place,
  ]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}
