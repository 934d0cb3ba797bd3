import { useEffect, useId, useState } from 'preact/hooks';
import { Icon } from '../app/icons';
import { Dialog } from './Dialog';
import { commands, found } from './commands';
import type { Command } from './commands';
import { palette } from './open';

const WAIT_MS = 150;

/** One box from which everything can be reached: pages, clusters, namespaces, workloads, services, volumes, pods, nodes, containers, ranges, settings. */
export function Palette() {
  return palette.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [entities, setEntities] = useState<readonly Command[]>([]);
  const close = () => {
    palette.value = false;
  };

  useEffect(() => {
    const abort = new AbortController();
    const timer = window.setTimeout(() => {
      found(typed.trim(), abort.signal).then(setEntities, () => undefined);
    }, WAIT_MS);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [typed]);

  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const listed = [
    ...commands().filter((one) => words.every((word) => `${one.label} ${one.note}`.toLowerCase().includes(word))),
    ...entities,
  ];
  const chosen = listed[Math.min(active, listed.length - 1)];
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };

  return (
    <Dialog label="Go to or do" class="palette" onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-label="Go to or do"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(chosen ? { 'aria-activedescendant': `${id}-${listed.indexOf(chosen)}` } : {})}
        placeholder="Page, cluster, namespace, workload, service, volume, pod, node, time range …"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(active + 1, listed.length - 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
          else if (event.key === 'Enter') run(chosen);
          else return;
          event.preventDefault();
        }}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Found">
        {listed.map((command, index) => (
          <li
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => run(command)}
            onPointerMove={() => setActive(index)}
          >
            <Icon name={command.icon} />
            <span>{command.label}</span>
            <span class="muted">{command.note}</span>
          </li>
        ))}
        {listed.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled="true" class="muted">
            Nothing like that
          </li>
        )}
      </ul>
    </Dialog>
  );
}
