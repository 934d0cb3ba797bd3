import { useState } from 'preact/hooks';
import { forgetToken, tokenHeld } from '../api/token';
import { help } from '../keyboard/open';
import { link } from '../routes/links';
import { path } from '../routes/location';
import { nextTheme, themeChoice } from '../theme/theme';
import { Icon } from './icons';
import { navigation } from './nav';
import type { NavItem } from './nav';

const THEME_ICON = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const THEME_WORD = { auto: 'system', light: 'light', dark: 'dark' } as const;

/** The way to every page. On narrow screens it opens from a button. */
export function Side() {
  const [open, setOpen] = useState(false);
  return (
    <header class={`side ${open ? 'open' : ''}`}>
      <div class="side-head">
        <a class="brand" href={link('/')}>
          <Mark />
          Kansoku
        </a>
        <button
          class="menu-button"
          type="button"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
          Menu
        </button>
      </div>
      <nav id="navigation" aria-label="Pages">
        <ul onClick={() => setOpen(false)}>
          {navigation.value.map((item) => (
            <li key={item.path}>
              <a
                href={link(item.path)}
                {...(current(item) ? { 'aria-current': 'page' as const } : {})}
                title={`${item.label} (g then ${item.letter})`}
              >
                <Icon name={item.icon} />
                {item.label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="side-foot">
        <button type="button" class="quiet" onClick={nextTheme} title="Theme: as the system, light or dark (t)">
          <Icon name={THEME_ICON[themeChoice.value]} />
          Theme: {THEME_WORD[themeChoice.value]}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            help.value = true;
          }}
          title="Keyboard (?)"
        >
          <Icon name="help" />
          Keyboard
        </button>
        {tokenHeld.value && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              forgetToken();
              window.location.reload();
            }}
            title="Forget the token on this computer"
          >
            <Icon name="close" />
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

function current(item: NavItem): boolean {
  // Clusters are listed on the overview: their pages belong to it.
  const at = path.value === '/clusters' || path.value.startsWith('/clusters/') ? '/' : path.value;
  return item.path === '/' ? at === '/' : at === item.path || at.startsWith(`${item.path}/`);
}

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="currentColor" />
      <path
        d="M4 16s4.5-8 12-8 12 8 12 8-4.5 8-12 8-12-8-12-8Z M9.5 16h3.2l1.8-4 3 8 1.8-4h3.2"
        fill="none"
        stroke="var(--card)"
        stroke-width="2.2"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}
