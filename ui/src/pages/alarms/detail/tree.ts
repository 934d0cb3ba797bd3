import type { AlarmDetail, AlarmState } from '../../../api/alarms';

/** An alarm below a composite one. */
export interface Branch {
  name: string;
  /** None: it is not there. */
  state: AlarmState | null;
  children: readonly Branch[];
  /** Why its own children are not shown. */
  note: string | null;
}

type Known = Pick<AlarmDetail, 'name' | 'children'>;

/** What is said of an alarm that the rule still names. */
export const GONE = 'was deleted or renamed; the rule still names it';

const DEEPEST = 6;
/** The most alarms that are asked for. */
const MOST = 100;

/** The alarms below a composite one. What names itself again is not followed, and depth and number are bounded. */
export async function treeOf(
  root: Known,
  ask: (name: string) => Promise<Known & { kind: string }>,
): Promise<readonly Branch[]> {
  let left = MOST;
  const below = async (alarm: Known, way: readonly string[]): Promise<Branch[]> =>
    Promise.all(
      alarm.children.map(async ({ name, state }): Promise<Branch> => {
        if (state === null) return { name, state, children: [], note: GONE };
        if (way.includes(name)) return { name, state, children: [], note: 'contains this alarm itself' };
        if (way.length >= DEEPEST || left <= 0)
          return { name, state, children: [], note: 'open it to see what is below' };
        left -= 1;
        const child = await ask(name).catch(() => null);
        if (!child) return { name, state, children: [], note: 'what is below could not be asked for' };
        return { name, state, children: await below(child, [...way, name]), note: null };
      }),
    );
  return below(root, [root.name]);
}
