interface Properties {
  /** The server had no answer. */
  refused: boolean;
  /** It answered that there is nothing to reckon with. */
  none?: boolean;
}

/** Stands where a figure will be, or where none came. */
export function NoFigure({ refused, none = false }: Properties) {
  if (refused) return <p class="cost-sum muted">No figure, as the server gave no answer.</p>;
  if (none) return <p class="cost-sum muted">No figure, as there are no rows yet. The first come within a minute.</p>;
  return <p class="cost-sum loading-note muted">Loading…</p>;
}
