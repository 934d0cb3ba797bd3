import { useMemo, useRef } from 'preact/hooks';

/**
 * A function that stays the same while what it does changes with every drawing. Parts that are many and come and go
 * are given such ones: a closure of one drawing, held by anything that outlives it, would hold all that was drawn.
 */
export function useStable<Arguments extends unknown[], Result>(
  run: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  const latest = useRef(run);
  latest.current = run;
  return useMemo(() => caller(latest), []);
}

/** Apart, so that the closure sees nothing but the reference. */
function caller<Arguments extends unknown[], Result>(latest: {
  readonly current: (...given: Arguments) => Result;
}): (...given: Arguments) => Result {
  return (...given) => latest.current(...given);
}
