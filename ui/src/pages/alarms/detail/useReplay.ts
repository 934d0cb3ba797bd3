import { replayAlarm } from '../../../api/alarms';
import type { Definition, Replay } from '../../../api/alarms';
import { length, span } from '../../../state/clock';
import type { Span } from '../../../state/range';
import { useResource } from '../../../state/resource';
import type { Resource } from '../../../state/resource';

const MINUTE_MS = 60_000;

/** What a definition would have done over the page's range. `null` asks nothing. */
export function useReplay(definition: Definition | null): Resource<{ replay: Replay; asked: Span }> {
  const asked = span.value;
  const subject = definition === null ? null : JSON.stringify([definition, length.value]);
  // Reading the store for every series is too dear for every tick; a minute is what alarms are judged by.
  return useResource(subject, Math.floor(asked.end / MINUTE_MS), async (signal) => {
    const body = {
      definition: definition ?? {},
      start: new Date(asked.start).toISOString(),
      end: new Date(asked.end).toISOString(),
    };
    return { replay: await replayAlarm(body, signal), asked };
  });
}
