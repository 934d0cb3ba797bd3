import { batch, computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/**
 * The address is the state: page, scope, range, filters, sort and open tab are read from here and written here,
 * so that a copied link shows the same view and the back button undoes every step.
 */

/** The path that the page is served under, with a slash at its end. */
const base = import.meta.env.BASE_URL;

interface Place {
  path: string;
  query: URLSearchParams;
}

function read(): Place {
  const { pathname, search } = window.location;
  const path = pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : pathname;
  return { path: path.length > 1 ? path.replace(/\/+$/, '') : '/', query: new URLSearchParams(search) };
}

const place = signal<Place>(read());

/** The path below the base, without a slash at its end. */
export const path: ReadonlySignal<string> = computed(() => place.value.path);

/** The parsed query. Treat it as read-only; change it with {@link setQuery}. */
export const query: ReadonlySignal<URLSearchParams> = computed(() => place.value.query);

/** Changes of single query keys: a text sets, `null` removes. */
export type QueryPatch = Readonly<Record<string, string | null>>;

/** A query as text with `?`, readable: slashes, colons and commas stay as they are. */
export function queryText(params: URLSearchParams): string {
  const text = params.toString().replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

/** The address of a path below the base, for `href` and `fetch`. */
export function address(to: string): string {
  return base + to.replace(/^\//, '');
}

/** Goes to a path below the base (query included). Scrolls up when the path changes. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const before = place.peek().path;
  const target = address(to);
  if (target === window.location.pathname + window.location.search) return;
  if (options.replace === true) window.history.replaceState(null, '', target);
  else window.history.pushState(null, '', target);
  batch(() => {
    place.value = read();
  });
  if (place.peek().path !== before) {
    window.scrollTo(0, 0);
    moved.value += 1;
  }
}

/** Goes to an address as a link would. */
export function goTo(href: string): void {
  navigate(href.slice(base.length - 1));
}

/** Counts changes of page by {@link navigate}, so that focus can follow. */
export const moved = signal(0);

/** Changes query keys of the present page. A new history entry, unless `replace`. */
export function setQuery(patch: QueryPatch, options: { replace?: boolean } = {}): void {
  navigate(place.peek().path + queryText(patched(place.peek().query, patch)), options);
}

/** A copy of the query with the changes made. */
export function patched(params: URLSearchParams, patch: QueryPatch): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.target !== '' || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== window.location.origin || !url.pathname.startsWith(base) || url.hash !== '') return;
  if (url.pathname.startsWith(`${base}api/`)) return;
  event.preventDefault();
  navigate(url.pathname.slice(base.length - 1) + url.search);
}

/** Starts to follow links and the back button. Returns the way to stop. */
export function listen(): () => void {
  const back = () => {
    place.value = read();
  };
  document.addEventListener('click', followLink);
  window.addEventListener('popstate', back);
  return () => {
    document.removeEventListener('click', followLink);
    window.removeEventListener('popstate', back);
  };
}
