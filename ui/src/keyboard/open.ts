import { signal } from '@preact/signals';

/** Whether the list of keys is open. */
export const help = signal(false);

/** Whether the palette is open. */
export const palette = signal(false);
