import { useState } from 'preact/hooks';
import { asProblem } from '../../api/problem';
import type { Problem } from '../../api/problem';
import { announce } from '../../app/announce';
import { refresh } from '../../state/clock';

/** Something that changes the server: under way, refused, or done and said so. */
export interface Action {
  busy: boolean;
  problem: Problem | null;
  /** Does it and says so; then what is shown is asked for again, or, with `leave`, the page is left. */
  run: (what: () => Promise<unknown>, said: string, leave?: () => void) => Promise<boolean>;
  forget: () => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    busy,
    problem,
    run: async (what, said, leave) => {
      setBusy(true);
      setProblem(null);
      try {
        await what();
        announce(said);
        // What was deleted must not be asked for again before the page is left.
        if (leave) leave();
        else refresh();
        return true;
      } catch (thrown) {
        setProblem(asProblem(thrown));
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setProblem(null),
  };
}
