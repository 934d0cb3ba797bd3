import type { ComponentChildren } from 'preact';
import { SEVERITIES } from '../../../api/verdicts';
import type { Severity, SeverityCounts, Verdict as Judged, VerdictAnswer } from '../../../api/verdicts';
import { Icon } from '../../../app/icons';
import { exact, format } from '../../../format/number';
import { duration } from '../../../format/time';
import { link, logsLink, nodeLink } from '../../../routes/links';
import { interval } from '../../../state/clock';
import { Verdict } from '../../parts/VerdictMark';
import { CapacityBar } from './CapacityBar';
import type { ClusterFigures } from './figures';
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
  const { cluster, nodes } = figures;
  const scope = { cluster };
  return (
    <article class="card cluster" aria-label={`Cluster ${cluster ?? ''}`}>
      <header>
        <h2>{cluster ?? 'Cluster without a name'}</h2>
        {verdicts && <Verdict verdict={healthOf(cluster, verdicts)} />}
        {verdicts && alone && <Counts counts={verdicts.counts.Pod} />}
        <a class="cluster-map" href={link('/map', scope)}>
          Map
        </a>
      </header>
      <div class="cluster-bars">
        <CapacityBar title="CPU" unit="cores" share={figures.cpu} />
        <CapacityBar title="Memory" unit="bytes" share={figures.memory} />
      </div>
      <dl class="cluster-figures">
        <div>
          <dt>Nodes ready</dt>
          <dd class="num">
            <State bad={nodes.ready < nodes.total}>
              {nodes.ready} of {nodes.total}
            </State>
            {nodes.notReady.slice(0, 4).map((node) => (
              <a key={node} href={nodeLink({ cluster, node })}>
                {node}
              </a>
            ))}
            {nodes.notReady.length > 4 && <span class="muted">and {nodes.notReady.length - 4} more</span>}
          </dd>
        </div>
        {figures.pods && (
          <div>
            <dt>Pods ready</dt>
            <dd class="num">
              <State bad={figures.pods.ready < figures.pods.total}>
                {figures.pods.ready} of {figures.pods.total}
              </State>
              {figures.pods.reasons.map(([reason, count]) => (
                <span key={reason} class="badge num">
                  {count} {reason}
                </span>
              ))}
            </dd>
          </div>
        )}
        <Figure name="Restarts" title="of containers, within the range of the page" value={wrong?.restarts ?? null} />
        <Figure
          name="OOM kills"
          title="processes ended for want of memory, within the range of the page"
          value={wrong?.oomKills ?? null}
        />
        {logs && (
          <div title={`${exact('bytes', logs.written)} written within the range of the page`}>
            <dt>
              <a href={logsLink(scope)}>Logs</a>
            </dt>
            <dd class="num">
              {format('bytes', logs.written)} <span class="muted">{format('count', logs.entries)} lines</span>
              <Loss logs={logs} />
            </dd>
          </div>
        )}
        <Freshness figures={figures} />
      </dl>
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

function State({ bad, children }: { bad: boolean; children: ComponentChildren }) {
  return (
    <span class={`status ${bad ? 'warn' : 'good'}`}>
      <Icon name={bad ? 'warn' : 'ok'} />
      {children}
    </span>
  );
}

function Figure({ name, title, value }: { name: string; title: string; value: number | null }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd class="num">
        {value !== null && value > 0 ? <State bad>{format('count', value)}</State> : format('count', value)}
      </dd>
    </div>
  );
}

function Loss({ logs: { lost, leftOut } }: { logs: LogVolume }) {
  if (lost === 0 && leftOut === 0) return <span class="muted">none lost</span>;
  return (
    <State bad>
      {[
        lost > 0 ? `${format('bytes', lost)} lost` : null,
        leftOut > 0 ? `${format('count', leftOut)} lines left out` : null,
      ]
        .filter((part) => part !== null)
        .join(', ')}
    </State>
  );
}

/** Rows older than so many intervals are late. */
const LATE_INTERVALS = 3;

function Freshness({ figures: { oldest, lag, cluster } }: { figures: ClusterFigures }) {
  if (!oldest) return null;
  const late = oldest.age / 1000 > LATE_INTERVALS * interval.value;
  return (
    <div title="Age of the newest row; of the node whose is oldest">
      <dt>Newest rows</dt>
      <dd class="num">
        <State bad={late}>{duration(Math.round(oldest.age / 1000))} old</State>
        {late && <a href={nodeLink({ cluster, node: oldest.node })}>{oldest.node}</a>}
        {lag && lag.seconds >= 1 && (
          <span class="muted" title={`rows that ${lag.node} has and the server does not`}>
            agents lag {duration(lag.seconds)}
          </span>
        )}
      </dd>
    </div>
  );
}
