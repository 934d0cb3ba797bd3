/** The captured parts of a path, by name. */
export type Parameters = Readonly<Record<string, string>>;

/**
 * Compares a path with a pattern such as `/nodes/:node`. `null` when it does not fit or holds a broken escape.
 */
export function match(pattern: string, path: string): Parameters | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (part.startsWith(':')) {
      if (text === '') return null;
      try {
        found[part.slice(1)] = decodeURIComponent(text);
      } catch {
        return null;
      }
    } else if (part !== text) {
      return null;
    }
  }
  return found;
}
