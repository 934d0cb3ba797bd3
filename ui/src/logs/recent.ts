const KEY = 'kansoku.logs.recent';
const MOST = 20;

/** Queries that were asked on this computer, newest first. */
export function recentQueries(): string[] {
  try {
    const held = JSON.parse(window.localStorage.getItem(KEY) ?? '[]') as unknown;
    return Array.isArray(held) ? held.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return []; // Storage may be forbidden; nothing is recalled then.
  }
}

/** Remembers a query. */
export function remember(query: string): void {
  const text = query.trim();
  if (text === '') return;
  const next = [text, ...recentQueries().filter((one) => one !== text)].slice(0, MOST);
  try {
    window.localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // As above.
  }
}

/** Forgets all of them. */
export function forgetQueries(): void {
  try {
    window.localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
