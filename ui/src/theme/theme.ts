import { computed, effect, signal } from '@preact/signals';

/** What the reader chose; `auto` follows the system. */
export type ThemeChoice = 'auto' | 'light' | 'dark';

const KEY = 'kansoku.theme';
const CHOICES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

function stored(): ThemeChoice {
  try {
    const text = window.localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === text) ?? 'auto';
  } catch {
    return 'auto'; // Storage may be forbidden; the page works without.
  }
}

export const themeChoice = signal<ThemeChoice>(stored());

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(systemDark.matches);

/** What is shown. */
export const theme = computed<'light' | 'dark'>(() => {
  if (themeChoice.value !== 'auto') return themeChoice.value;
  return systemIsDark.value ? 'dark' : 'light';
});

/** auto → light → dark → auto. */
export function nextTheme(): void {
  const index = CHOICES.indexOf(themeChoice.value);
  themeChoice.value = CHOICES[(index + 1) % CHOICES.length] ?? 'auto';
}

/** Puts the theme on the document and keeps it there. Returns the way to stop. */
export function applyTheme(): () => void {
  const changed = () => {
    systemIsDark.value = systemDark.matches;
  };
  systemDark.addEventListener('change', changed);
  const stop = effect(() => {
    document.documentElement.dataset.theme = theme.value;
    try {
      if (themeChoice.value === 'auto') window.localStorage.removeItem(KEY);
      else window.localStorage.setItem(KEY, themeChoice.value);
    } catch {
      // As above: only the memory of the choice is lost.
    }
  });
  return () => {
    stop();
    systemDark.removeEventListener('change', changed);
  };
}
