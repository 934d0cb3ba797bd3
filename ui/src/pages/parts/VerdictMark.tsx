import { verdictWords } from '../../api/verdicts';
import type { Finding, Severity, Verdict as Judged } from '../../api/verdicts';
import { Icon } from '../../app/icons';
import type { IconName } from '../../app/icons';

/** Tone and icon of each severity. Never alone: a word stands beside them. */
export const SEVERITY_MARKS: Readonly<Record<Severity, readonly [tone: string, icon: IconName]>> = {
  critical: ['bad', 'bad'],
  warning: ['warn', 'warn'],
  ok: ['good', 'ok'],
  unknown: ['none', 'absent'],
};

/** A verdict as icon and word; why, on hover. Nothing where nothing is judged. */
export function Verdict({ verdict }: { verdict: Pick<Judged, 'word' | 'severity' | 'reason'> | Finding | null }) {
  if (!verdict) return null;
  const [tone, icon] = SEVERITY_MARKS[verdict.severity];
  return (
    <span class={`status ${tone}`} title={verdict.reason}>
      <Icon name={icon} />
      {verdictWords(verdict.word)}
    </span>
  );
}
