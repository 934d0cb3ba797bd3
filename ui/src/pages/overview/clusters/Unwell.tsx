import { useState } from 'preact/hooks';
import type { Verdict as Judged } from '../../../api/verdicts';
import { ago, dateTime, parseMoment } from '../../../format/time';
import {
  clusterLink,
  namespaceLink,
  nodeLink,
  podLink,
  serviceLink,
  volumeLink,
  workloadLink,
} from '../../../routes/links';
import { now } from '../../../state/clock';
import { zone } from '../../../state/zone';
import { Verdict } from '../../parts/VerdictMark';
import { toShow } from './unwell';

const MOST = 12;

/** What is unwell, worst first: what it is, the word for it, and why. */
export function Unwell({ verdicts }: { verdicts: readonly Judged[] }) {
  const [most, setMost] = useState(MOST);
  const all = toShow(verdicts);
  if (all.length === 0) return <p class="muted">Nothing is amiss.</p>;
  return (
    <>
      <ul class="said">
        {all.slice(0, most).map((it) => {
          const since = parseMoment(it.since ?? '');
          return (
            <li key={`${it.kind} ${it.cluster} ${it.namespace ?? ''} ${it.name}`}>
              <Verdict verdict={it} />
              <span>
                <Subject of={it} />{' '}
                <span class="muted">
                  {it.kind === 'Workload' ? (it.workload_kind ?? 'Workload') : it.kind}
                  {it.namespace === null ? '' : ` in ${it.namespace}`}
                </span>
                <span class="said-why">{it.reason}</span>
              </span>
              {since !== null && (
                <span class="muted num" title={dateTime(since, zone.value)}>
                  {ago(since, now.value)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {all.length > most && (
        <p class="table-more">
          Showing {most} of {all.length}.{' '}
          <button type="button" onClick={() => setMost(most + 50)}>
            Show {Math.min(50, all.length - most)} more
          </button>
        </p>
      )}
    </>
  );
}

function Subject({ of: it }: { of: Judged }) {
  const href = subjectLink(it);
  return href === null ? <b>{it.name}</b> : <a href={href}>{it.name}</a>;
}

function subjectLink(it: Judged): string | null {
  const at = { cluster: it.cluster, namespace: it.namespace };
  switch (it.kind) {
    case 'Node':
      return nodeLink({ cluster: it.cluster, node: it.name });
    case 'Namespace':
      return namespaceLink({ cluster: it.cluster, namespace: it.name });
    case 'Workload':
      return workloadLink({ ...at, workload_kind: it.workload_kind, workload: it.name });
    case 'Service':
      return serviceLink(at, it.name);
    case 'Volume':
      return volumeLink(at, it.name);
    case 'Pod':
    case 'Container':
      return it.uid === null ? null : podLink({ cluster: it.cluster, pod_uid: it.uid });
    case 'Cluster':
      return it.cluster === '' ? null : clusterLink(it.cluster);
  }
}
