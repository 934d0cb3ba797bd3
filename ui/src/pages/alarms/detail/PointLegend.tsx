import type { PointKind } from '../../../charts/model';

const KINDS: readonly (readonly [PointKind, string])[] = [
  ['breaching', 'breaching'],
  ['not', 'not breaching'],
  ['left-out', 'left out'],
  ['missing', 'missing'],
  ['filled-breaching', 'missing, counted as breaching'],
  ['filled-not', 'missing, counted as not breaching'],
];

/** What the marks on the chart mean. */
export function PointLegend() {
  return (
    <ul class="point-legend" aria-label="Points of the last evaluation">
      {KINDS.map(([kind, word]) => (
        <li key={kind}>
          <PointMark kind={kind} />
          {word}
        </li>
      ))}
    </ul>
  );
}

/** A mark as it stands on the chart. */
export function PointMark({ kind }: { kind: PointKind }) {
  const bad = kind === 'breaching' || kind === 'filled-breaching';
  return (
    <svg class={`point ${bad ? 'bad' : ''}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {kind === 'breaching' ? (
        <path d="M7 2l5 5-5 5-5-5z" class="full" />
      ) : (
        <circle
          cx="7"
          cy="7"
          r={kind === 'left-out' ? 3 : kind === 'not' ? 3.6 : 4.5}
          {...(kind === 'not' ? { class: 'full' } : {})}
        />
      )}
      {kind === 'filled-breaching' && <path d="M7 4.5L9.5 7 7 9.5 4.5 7z" class="full" />}
      {kind === 'filled-not' && <circle cx="7" cy="7" r="1.6" class="full" />}
    </svg>
  );
}
