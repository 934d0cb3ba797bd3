/** Deterministic numbers that look like measurements. For work on the page only. */

/** A number from 0 to 1 that a text stands for (FNV-1a, then mixed). */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) / 2 ** 32;
}

/** A smooth wave around 0 of about ±1 that changes over `period` seconds. */
export function wave(seed: string, seconds: number, period: number): number {
  const at = seconds / period;
  const cell = Math.floor(at);
  const part = at - cell;
  const ease = part * part * (3 - 2 * part);
  const here = chance(`${seed} ${cell}`);
  const next = chance(`${seed} ${cell + 1}`);
  return (here + (next - here) * ease) * 2 - 1;
}

/** A level that wanders: a slow and a fast wave, never below 0. */
export function level(seed: string, seconds: number, mean: number, swing: number): number {
  const slow = wave(`${seed} slow`, seconds, 900);
  const fast = wave(`${seed} fast`, seconds, 40);
  return Math.max(0, mean * (1 + swing * (0.7 * slow + 0.3 * fast)));
}
