interface Properties {
  /** 0 to 1; `null` draws an empty track. */
  share: number | null;
  /** A paler part on top: cache. */
  quiet?: number | null;
}

/** How full something is. The number stands beside it; colour only repeats what the words say. */
export function Meter({ share, quiet = null }: Properties) {
  const full = Math.min(1, Math.max(0, share ?? 0));
  const level = share === null ? 'none' : full >= 0.95 ? 'high' : full >= 0.8 ? 'mid' : 'low';
  return (
    <span class={`meter ${level}`} aria-hidden="true">
      <span class="meter-fill" style={{ width: `${(full * 100).toFixed(1)}%` }} />
      {quiet !== null && (
        <span class="meter-quiet" style={{ width: `${(Math.min(1 - full, Math.max(0, quiet)) * 100).toFixed(1)}%` }} />
      )}
    </span>
  );
}
