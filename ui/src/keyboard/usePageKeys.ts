import { useEffect, useRef } from 'preact/hooks';
import { pageKeys } from './shortcuts';
import type { Shortcut } from './shortcuts';

/** Gives keys a meaning as long as a part of a page is shown. They go before those of other parts and of the frame. */
export function usePageKeys(keys: readonly Shortcut[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const mine = latest.current.map((key, index) => ({
      keys: key.keys,
      what: key.what,
      // What a key does changes with every drawing; its name does not.
      run: () => latest.current[index]?.run(),
    }));
    pageKeys.value = [...mine, ...pageKeys.peek()];
    return () => {
      pageKeys.value = pageKeys.peek().filter((key) => !mine.includes(key));
    };
  }, [keys.map((key) => key.keys.join()).join()]);
}
