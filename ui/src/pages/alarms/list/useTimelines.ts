import { askHistory } from '../../../api/alarms';
import type { AlarmSummary } from '../../../api/alarms';
import { timelines } from '../../../alarms/spans';
import type { Stretch } from '../../../alarms/spans';
import { span } from '../../../state/clock';
import { useResource } from '../../../state/resource';

/** The most changes that are asked for. With more, the oldest part of the range is not known. */
const MOST = 1000;

/** The states of alarms over the page's range, from their history. Empty until it is known. */
export function useTimelines(alarms: readonly AlarmSummary[], only?: string): ReadonlyMap<string, readonly Stretch[]> {
  const asked = span.value;
  const { data } = useResource(
    JSON.stringify(['timelines', only, asked.end - asked.start]),
    asked.end,
    async (signal) => {
      const items = await askHistory(
        {
          ...(only === undefined ? {} : { alarm: only }),
          start: new Date(asked.start).toISOString(),
          end: new Date(asked.end).toISOString(),
          limit: MOST,
          type: 'StateUpdate',
        },
        signal,
      );
      const oldest = items.at(-1);
      const start = items.length < MOST || !oldest ? asked.start : Math.max(asked.start, Date.parse(oldest.time));
      return { items, asked: { start, end: asked.end } };
    },
  );
  return data ? timelines(data.items, alarms, data.asked) : new Map();
}
