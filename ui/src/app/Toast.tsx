import { useSignalEffect } from '@preact/signals';
import { announcement } from './announce';

const SHOWN_MS = 4000;

/** The page's polite live region; what it says is also seen for a moment. */
export function Toast() {
  useSignalEffect(() => {
    const said = announcement.value;
    if (said === '') return undefined;
    const timer = window.setTimeout(() => {
      if (announcement.peek() === said) announcement.value = '';
    }, SHOWN_MS);
    return () => window.clearTimeout(timer);
  });
  return (
    <div class="toast" role="status" aria-live="polite">
      {announcement.value}
    </div>
  );
}
