import { SEVERITIES } from '../../../api/verdicts';
import type { Severity, SeverityCounts, Verdict as Judged, VerdictAnswer } from '../../../api/verdicts';
import { clusterLink, link } from '../../../routes/links';
import { Verdict } from '../../parts/VerdictMark';
import type { ClusterFigures } from './figures';
import { Glance } from './Glance';
import type { LogVolume, Wrong } from './useClusters';

interface Properties {
  figures: ClusterFigures;
  /** Null where nothing is judged. */
  verdicts: VerdictAnswer | null;
  /** The only cluster: the counts of the answer are its own. */
  alone: boolean;
  wrong: Wrong | null;
  logs: LogVolume | null;
}

/** A cluster at a glance. */
export function ClusterCard({ figures, verdicts, alone, wrong, logs }: Properties) {
  const { cluster } = figures;
  return (
    <article class="card cluster" aria-label={`Cluster ${cluster ?? ''}`}>
      <header>
        <h2>{cluster === null ? 'Cluster without a name' : <a href={clusterLink(cluster)}>{cluster}</a>}</h2>
        {verdicts && <Verdict verdict={healthOf(cluster, verdicts)} />}
        {verdicts && alone && <Counts counts={verdicts.counts.Pod} />}
        <a class="cluster-map" href={link('/map', { cluster })}>
          Map
        </a>
      </header>
      <Glance figures={figures} wrong={wrong} logs={logs} />
    </article>
  );
}

/** What is said of the cluster. One that is not named among the unwell is well. */
function healthOf(cluster: string | null, { entities }: VerdictAnswer): Pick<Judged, 'word' | 'severity' | 'reason'> {
  return (
    entities.find((one) => one.kind === 'Cluster' && one.cluster === (cluster ?? '')) ?? {
      word: 'healthy',
      severity: 'ok',
      reason: 'Nothing in it is amiss.',
    }
  );
}

function Counts({ counts }: { counts: Partial<SeverityCounts> | undefined }) {
  if (!counts) return null;
  // A severity that nothing has is left out.
  const of = (severity: Severity) => counts[severity] ?? 0;
  const said = SEVERITIES.filter((severity) => severity !== 'ok' && of(severity) > 0);
  const all = SEVERITIES.reduce((sum, severity) => sum + of(severity), 0);
  return (
    <span class="muted num">
      {said.length === 0
        ? `all ${all} pods are well`
        : `${said.map((severity) => `${of(severity)} ${severity}`).join(', ')} of ${all} pods`}
    </span>
  );
}
