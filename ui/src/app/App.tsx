import { useEffect } from 'preact/hooks';
import { Help } from '../keyboard/Help';
import { Palette } from '../keyboard/Palette';
import { path } from '../routes/location';
import { Routes } from '../routes/pages';
import { EVERY_NODE, noteNodes, useListing } from '../state/inventory';
import { Boundary } from './Boundary';
import { Side } from './Side';
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
      <Toast />
      <NodeWatch />
    </>
  );
}

/** Keeps the list of nodes up to date for all pages. */
function NodeWatch() {
  const { data } = useListing('node', EVERY_NODE);
  useEffect(() => {
    if (data) noteNodes(data.entities);
  }, [data]);
  return null;
}
