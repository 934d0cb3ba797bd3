import type { ComponentChildren } from 'preact';
import { Icon } from '../../../app/icons';
import { exact, format } from '../../../format/number';
import { duration } from '../../../format/time';
import { logsLink, nodeLink } from '../../../routes/links';
import { interval } from '../../../state/clock';
import { CapacityBar } from './CapacityBar';
import type { ClusterFigures } from './figures';
import type { LogVolume, Wrong } from './useClusters';

interface Properties {
  figures: ClusterFigures;
  wrong: Wrong | null;
  logs: LogVolume | null;
  /** Further figures, after those of pods. */
  children?: ComponentChildren;
}

/** A cluster in figures: what it has, what of it is used and promised, what went wrong. */
export function Glance({ figures, wrong, logs, children }: Properties) {
  const { cluster, nodes } = figures;
  return (
    <>
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
        {children}
        <Figure name="Restarts" title="of containers, within the range of the page" value={wrong?.restarts ?? null} />
        <Figure
          name="OOM kills"
          title="processes ended for want of memory, within the range of the page"
          value={wrong?.oomKills ?? null}
        />
        {logs && (
          <div title={`${exact('bytes', logs.written)} written within the range of the page`}>
            <dt>
              <a href={logsLink({ cluster })}>Logs</a>
            </dt>
            <dd class="num">
              {format('bytes', logs.written)} <span class="muted">{format('count', logs.entries)} lines</span>
              <Loss logs={logs} />
            </dd>
          </div>
        )}
        <Freshness figures={figures} />
      </dl>
    </>
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
