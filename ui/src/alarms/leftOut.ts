/** What is said where an answer has the worst of an alarm's series and not all; null where it has all. */
export function seriesLeftOut(shown: number, total: number): string | null {
  if (total <= shown) return null;
  return `Here are the ${shown} worst of ${total} series. The filter looks at these only.`;
}
