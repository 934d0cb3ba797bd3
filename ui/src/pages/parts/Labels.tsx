/** Labels as they are written: `app=web`. Nothing where there are none. */
export function Labels({ of }: { of: Readonly<Record<string, string>> }) {
  const entries = Object.entries(of);
  if (entries.length === 0) return null;
  return (
    <ul class="labels" aria-label="Labels">
      {entries.map(([key, value]) => (
        <li key={key} class="badge">
          {key}={value}
        </li>
      ))}
    </ul>
  );
}
