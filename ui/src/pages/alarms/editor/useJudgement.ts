import { useEffect, useState } from 'preact/hooks';
import { checkAlarm } from '../../../api/alarms';
import type { Definition } from '../../../api/alarms';
import type { KeyFault, Problem } from '../../../api/problem';
import { ofFilled, place } from '../../../alarms/faults';
import type { Placed } from '../../../alarms/faults';
import { queriesOf } from '../../../alarms/queries';
import { faultsOfRows, located, merged } from '../../../alarms/queryFaults';
import { useResource } from '../../../state/resource';

/** What the server makes of a definition. */
export interface Judgement extends Placed {
  /** Those that are shown. */
  faults: readonly KeyFault[];
  /** The definition that can be replayed; `null` while something is missing or wrong. */
  sound: Definition | null;
  /** Whether the newest definition is still being looked at. */
  asking: boolean;
  problem: Problem | null;
}

const WAIT_MS = 350;

/** Asks for the faults of a definition a moment after it was changed. `refused` are those of the last attempt to save it. */
export function useJudgement(definition: Definition, refused: readonly KeyFault[], tried: boolean): Judgement {
  const settled = useSettled(definition);
  const { data, problem, loading } = useResource(JSON.stringify(settled), 'once', async (signal) => ({
    of: settled,
    // The server looks at expressions only once all else is right, and a name may be the last that one thinks of.
    faults: [...unnamed(settled), ...(await checkAlarm(named(settled), signal)).faults],
  }));
  const rows = queriesOf(definition.Metrics, definition.ThresholdMetricId) ?? [];
  const all = merged(faultsOfRows(rows), data?.faults ?? []);
  const shown = tried
    ? [...all, ...refused.filter((one) => !all.some((other) => same(one, other)))]
    : ofFilled(all, definition);
  // A preview needs no name yet.
  const sound = data?.faults.every(({ key }) => key === 'AlarmName') === true ? named(data.of) : null;
  const placed = shown.map((fault) => located(fault, rows)).filter(firstOfKey);
  return { ...place(placed), faults: shown, sound, asking: loading || settled !== definition, problem };
}

/** What is told here comes first; the server says the same of an expression in other words. */
function firstOfKey(fault: KeyFault, at: number, all: readonly KeyFault[]): boolean {
  if (!fault.key.endsWith('.Expression')) return true;
  return all.findIndex(({ key }) => key === fault.key) === at;
}

function same(a: KeyFault, b: KeyFault): boolean {
  return a.key === b.key && a.message === b.message;
}

function hasName(definition: Definition): boolean {
  return typeof definition.AlarmName === 'string' && definition.AlarmName !== '';
}

function unnamed(definition: Definition): KeyFault[] {
  return hasName(definition) ? [] : [{ key: 'AlarmName', message: 'is missing' }];
}

function named(definition: Definition): Definition {
  return hasName(definition) ? definition : { ...definition, AlarmName: 'preview' };
}

/** The value once it has stayed the same for a moment. */
function useSettled(value: Definition): Definition {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return JSON.stringify(settled) === text ? value : settled;
}
