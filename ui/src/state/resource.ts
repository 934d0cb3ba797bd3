import { useEffect, useRef, useState } from 'preact/hooks';
import { asProblem } from '../api/problem';
import type { Problem } from '../api/problem';

/** An answer that is kept up to date. Old data stay while new ones come, and when they fail to come. */
export interface Resource<T> {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  /** True while `data` answers an earlier question than the present one. */
  outdated: boolean;
  /** Asks again now. */
  retry: () => void;
}

interface Held<T> {
  data: T | null;
  problem: Problem | null;
  loading: boolean;
  subject: string | null;
}

const RETRY_MS = 5000;

/**
 * Loads when `subject` (what is asked) or `edition` (when it is asked) changes. A new subject gives up the request
 * under way; a new edition waits for it, so that a slow answer is not thrown away by every tick of the clock.
 * Passing failures are tried again. `subject` null loads nothing.
 */
export function useResource<T>(
  subject: string | null,
  edition: string | number,
  load: (signal: AbortSignal) => Promise<T>,
): Resource<T> {
  const [held, setHeld] = useState<Held<T>>({ data: null, problem: null, loading: subject !== null, subject: null });
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<{ subject: string; abort: AbortController; again: boolean } | null>(null);
  const timer = useRef(0);

  const start = (key: string) => {
    window.clearTimeout(timer.current);
    const under = running.current;
    if (under?.subject === key) {
      under.again = true;
      return;
    }
    under?.abort.abort();
    const mine = { subject: key, abort: new AbortController(), again: false };
    running.current = mine;
    setHeld((before) => ({ ...before, loading: true }));
    const finish = (change: Partial<Held<T>>) => {
      if (running.current !== mine) return;
      running.current = null;
      setHeld((before) => ({ ...before, ...change, loading: mine.again }));
      if (mine.again) start(key);
    };
    latest.current(mine.abort.signal).then(
      (data) => finish({ data, problem: null, subject: key }),
      (thrown: unknown) => {
        if (mine.abort.signal.aborted) return;
        const problem = asProblem(thrown);
        finish({ problem });
        if (problem.passing) timer.current = window.setTimeout(() => start(key), RETRY_MS);
      },
    );
  };

  useEffect(() => {
    if (subject !== null) start(subject);
  }, [subject, edition]);

  useEffect(
    () => () => {
      running.current?.abort.abort();
      running.current = null;
      window.clearTimeout(timer.current);
    },
    [],
  );

  return {
    data: held.data,
    problem: held.problem,
    loading: held.loading,
    outdated: held.data !== null && held.subject !== subject,
    retry: () => {
      if (subject !== null) start(subject);
    },
  };
}
