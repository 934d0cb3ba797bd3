import { signal } from '@preact/signals';

/**
 * The token that the server asks people for when it is set up so. Kept for the tab, or on this computer when the
 * reader says so; sent only to this server, in the Authorization header.
 */

const KEY = 'kansoku.token';

function stored(): string | null {
  try {
    return window.sessionStorage.getItem(KEY) ?? window.localStorage.getItem(KEY);
  } catch {
    return null; // Storage may be forbidden; the token then lives as long as the page.
  }
}

const token = signal<string | null>(stored());

/** True while the server refuses for want of a valid token. */
export const tokenWanted = signal(false);

/** Whether a token is held that could be forgotten. */
export const tokenHeld = signal(token.peek() !== null);

/** The header that carries the token, when there is one. */
export function authorization(): Record<string, string> {
  const held = token.peek();
  return held === null ? {} : { Authorization: `Bearer ${held}` };
}

/** Takes a token over. */
export function keepToken(text: string, onThisComputer: boolean): void {
  forgetToken();
  token.value = text;
  tokenHeld.value = true;
  tokenWanted.value = false;
  try {
    (onThisComputer ? window.localStorage : window.sessionStorage).setItem(KEY, text);
  } catch {
    // As above.
  }
}

/** Forgets it everywhere. */
export function forgetToken(): void {
  token.value = null;
  tokenHeld.value = false;
  try {
    window.sessionStorage.removeItem(KEY);
    window.localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
