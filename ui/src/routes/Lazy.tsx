import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Page } from '../app/Page';
import { Empty } from '../pages/parts/Empty';

/** A part of the program that is fetched when it is first needed. */
export interface Part<Module> {
  get: () => Promise<Module>;
  held: Module | null;
}

/** Remembers the part once it is there, so that the next page of it is drawn at once. */
export function part<Module>(load: () => Promise<Module>): Part<Module> {
  let under: Promise<Module> | null = null;
  const it: Part<Module> = {
    held: null,
    get: () => {
      under ??= load().then(
        (module) => {
          it.held = module;
          return module;
        },
        (fault: unknown) => {
          under = null;
          throw fault;
        },
      );
      return under;
    },
  };
  return it;
}

const AGAIN = 2;
const AGAIN_MS = 1000;

/** Draws with a part, when it is there. */
export function Lazy<Module>({ of, children }: { of: Part<Module>; children: (module: Module) => ComponentChildren }) {
  const [, redraw] = useState(0);
  const [failed, setFailed] = useState(false);
  const fetchPart = (more = AGAIN) => {
    setFailed(false);
    of.get().then(
      () => redraw((count) => count + 1),
      () => {
        // A network that changes breaks off what is under way; the next attempt mostly succeeds.
        if (more > 0) window.setTimeout(() => fetchPart(more - 1), AGAIN_MS);
        else setFailed(true);
      },
    );
  };
  useEffect(() => {
    if (of.held === null) fetchPart();
  }, [of]);
  if (of.held !== null) return <>{children(of.held)}</>;
  return (
    <Page title="Kansoku">
      {failed ? (
        <Empty title="A part of the page could not be fetched">
          <p>The server does not answer, or it was replaced by another version since this page was opened.</p>
          <p>
            <button type="button" onClick={() => fetchPart()}>
              Try again
            </button>{' '}
            <button type="button" onClick={() => window.location.reload()}>
              Reload the page
            </button>
          </p>
        </Empty>
      ) : (
        <p class="muted loading-note">Loading…</p>
      )}
    </Page>
  );
}
