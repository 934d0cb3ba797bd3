import { signal } from '@preact/signals';
import { navigation } from '../app/nav';
import { shift, toggleLive, widen } from '../app/TimeControls';
import { link } from '../routes/links';
import { goTo } from '../routes/location';
import { refresh } from '../state/clock';
import { setZone, zone } from '../state/zone';
import { nextTheme } from '../theme/theme';
import { help, palette } from './open';

/** What a key does anywhere on the page. */
export interface Shortcut {
  keys: readonly string[];
  what: string;
  run: () => void;
}

/** Keys that work everywhere. `g` and a letter, and those of charts, are listed by the help besides. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ['?'],
    what: 'This list',
    run: () => {
      help.value = true;
    },
  },
  { keys: ['/'], what: 'Search or filter', run: focusSearch },
  { keys: ['['], what: 'Earlier by half the range', run: () => shift(-0.5) },
  { keys: [']'], what: 'Later by half the range', run: () => shift(0.5) },
  { keys: ['-'], what: 'Range twice as long', run: widen },
  { keys: ['l'], what: 'Follow the present, or pause', run: toggleLive },
  { keys: ['r'], what: 'Refresh now', run: refresh },
  { keys: ['z'], what: 'Times here or in UTC', run: () => setZone(zone.peek() === 'utc' ? 'local' : 'utc') },
  { keys: ['t'], what: 'Theme: as the system, light, dark', run: nextTheme },
];

/** Keys of the page that is shown; they go before those that work everywhere. */
export const pageKeys = signal<readonly Shortcut[]>([]);

const SEQUENCE_MS = 1500;
let waitingSince = Number.NEGATIVE_INFINITY;

/** Starts to listen. Returns the way to stop. */
export function listenToKeys(): () => void {
  document.addEventListener('keydown', keyed);
  return () => document.removeEventListener('keydown', keyed);
}

function keyed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    palette.value = true;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || help.peek() || palette.peek()) return;
  if (event.timeStamp - waitingSince < SEQUENCE_MS) {
    waitingSince = Number.NEGATIVE_INFINITY;
    const item = navigation.peek().find((one) => one.letter === event.key);
    if (item) {
      event.preventDefault();
      goTo(link(item.path));
    }
    return;
  }
  if (event.key === 'g') {
    waitingSince = event.timeStamp;
    return;
  }
  const shortcut = [...pageKeys.peek(), ...SHORTCUTS].find((one) => one.keys.includes(event.key));
  if (!shortcut || (event.key === 'Enter' && pressable(event.target))) return;
  event.preventDefault();
  shortcut.run();
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox')
  );
}

/** Whether Enter presses what has the focus. */
function pressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, input, summary, .plot') !== null;
}

/** The page's own filter; where it has none, the palette. */
function focusSearch(): void {
  const box = document.querySelector<HTMLInputElement>('main [data-search]');
  if (box) {
    box.focus();
    box.select();
  } else {
    palette.value = true;
  }
}
