import { askVerdicts } from '../api/verdicts';
import type { VerdictAnswer, VerdictFilter } from '../api/verdicts';
import { now } from './clock';
import { useResource } from './resource';
import type { Resource } from './resource';

interface Shared {
  edition: number;
  answer: Promise<VerdictAnswer | null>;
}

const shared = new Map<string, Shared>();
const MOST_SHARED = 12;

/** A server that does not judge is asked again after so long: it may have been replaced by one that does. */
const SILENT_MS = 300_000;
let silentSince = Number.NEGATIVE_INFINITY;

/** One request for all parts of the page that want the same verdicts at the same moment. */
function judged(filter: VerdictFilter, edition: number): Promise<VerdictAnswer | null> {
  if (edition - silentSince < SILENT_MS) return Promise.resolve(null);
  const key = JSON.stringify(filter);
  const held = shared.get(key);
  if (held?.edition === edition) return held.answer;
  const answer = askVerdicts(filter).then((given) => {
    silentSince = given === null ? edition : Number.NEGATIVE_INFINITY;
    return given;
  });
  shared.delete(key);
  shared.set(key, { edition, answer });
  answer.catch(() => {
    if (shared.get(key)?.answer === answer) shared.delete(key);
  });
  const oldest = shared.keys().next();
  if (shared.size > MOST_SHARED && oldest.done !== true) shared.delete(oldest.value);
  return answer;
}

/** Verdicts, renewed with the page's clock. Data is `null` also where the server does not judge. */
export function useVerdicts(filter: VerdictFilter | null): Resource<VerdictAnswer | null> {
  const edition = now.value;
  return useResource(filter === null ? null : JSON.stringify(filter), edition, () => judged(filter ?? {}, edition));
}
