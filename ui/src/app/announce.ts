import { signal } from '@preact/signals';

/** The sentence in the page's polite live region. */
export const announcement = signal('');

/** Says something to people who do not see it happen, and shows it for a moment to those who do. */
export function announce(sentence: string): void {
  announcement.value = '';
  queueMicrotask(() => {
    announcement.value = sentence;
  });
}

/** Copies a text and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} copied.`);
  } catch {
    announce(`The browser does not allow copying here.`);
  }
}
