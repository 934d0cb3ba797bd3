/** Stands where a figure will be, or where none came. */
export function NoFigure({ refused }: { refused: boolean }) {
  return refused ? (
    <p class="cost-sum muted">No figure, as the server gave no answer.</p>
  ) : (
    <p class="cost-sum loading-note muted">Loading…</p>
  );
}
