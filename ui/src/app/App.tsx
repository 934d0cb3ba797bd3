import { useEffect } from 'preact/hooks';
import { Help } from '../keyboard/Help';
import { Palette } from '../keyboard/Palette';
import { path } from '../routes/location';
import { Routes } from '../routes/pages';
import { AlarmWatch } from '../state/alarms';
import { refresh } from '../state/clock';
import { EVERY_NODE, noteNodes, useListing } from '../state/inventory';
import { Boundary } from './Boundary';
import { Side } from './Side';
import { SignIn } from './SignIn';
import { Toast } from './Toast';

export function App() {
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <div class="shell">
        <Side />
        <Boundary key={path.value}>
          <Routes />
        </Boundary>
      </div>
      <Help />
      <Palette />
      <SignIn />
      <Toast />
      <NodeWatch />
      <AlarmWatch />
    </>
  );
}

const FIRST_ROWS_MS = 2000;

/** Keeps the list of nodes up to date for all pages. */
function NodeWatch() {
  const { data } = useListing('node', EVERY_NODE);
  useEffect(() => {
    if (!data) return undefined;
    noteNodes(data.entities);
    if (data.entities.length > 0) return undefined;
    // The first rows of a fresh start are looked for more often than later ones.
    const timer = window.setTimeout(refresh, FIRST_ROWS_MS);
    return () => window.clearTimeout(timer);
  }, [data]);
  return null;
}
