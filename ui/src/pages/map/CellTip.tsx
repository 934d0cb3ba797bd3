import type { Concern } from '../../alarms/concern';
import { verdictWords } from '../../api/verdicts';
import { Icon } from '../../app/icons';
import { alarmNames } from '../../map/alarmed';
import { Verdict } from '../parts/VerdictMark';
import type { Cell } from '../../map/cell';
import type { Colouring } from './colouring';
import { ALARMS } from './state';

/** What goes off on a cell, and on the block that it is in. */
export interface FiringAt {
  own: readonly Concern[];
  block: readonly Concern[];
  /** The block: `node worker-1`. */
  of: string;
}

interface Properties {
  cell: Cell;
  firing: FiringAt;
  colouring: Colouring;
  size: string | null;
}

/** Beside a cell: what pod it is, what it is coloured by, what is said of it, which alarms go off. */
export function CellTip({ cell, firing, colouring, size }: Properties) {
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
        {colouring.id !== 'health' && colouring.id !== ALARMS && (
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
        {firing.own.length > 0 && (
          <>
            <dt>in alarm</dt>
            <dd>
              <Names of={firing.own} />
            </dd>
          </>
        )}
        {firing.block.length > 0 && (
          <>
            <dt>in alarm, {firing.of}</dt>
            <dd>
              <Names of={firing.block} />
            </dd>
          </>
        )}
      </dl>
      {cell.verdict && <p class="map-tip-why">{cell.verdict.reason}</p>}
    </>
  );
}

const MOST_NAMES = 4;

function Names({ of }: { of: readonly Concern[] }) {
  return (
    <span class="status bad map-tip-alarms">
      <Icon name="alarms" />
      <span>{namesText(of)}</span>
    </span>
  );
}

function namesText(of: readonly Concern[]): string {
  const names = alarmNames(of);
  return (
    names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '')
  );
}

/** The same for the ear, in one sentence. */
export function cellWords(cell: Cell, firing: FiringAt, colouring: Colouring, place: string): string {
  const value = colouring.write(cell);
  return [
    cell.name,
    cell.namespace === null ? null : `namespace ${cell.namespace}`,
    cell.workload,
    cell.node === null ? 'on no node' : `on ${cell.node}`,
    colouring.id === ALARMS ? null : `${colouring.label}: ${value ?? 'no value'}`,
    firing.own.length > 0 ? `in alarm: ${namesText(firing.own)}` : colouring.id === ALARMS ? 'none in alarm' : null,
    firing.block.length > 0 ? `in alarm on ${firing.of}: ${namesText(firing.block)}` : null,
    cell.verdict &&
      (colouring.id === 'health' ? cell.verdict.reason : `${verdictWords(cell.verdict.word)}: ${cell.verdict.reason}`),
    place,
  ]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}
