import { useEffect, useState } from 'preact/hooks';
import type { Entity } from '../../api/row';
import { part } from '../../routes/Lazy';

/** Machines without Kubernetes never fetch it. */
const clusters = part(() => import('./clusters/Clusters'));

/** What the overview of a cluster begins with; fetched when there is one. */
export function ClusterPart(properties: { rows: readonly Entity[]; where: Readonly<Record<string, string>> }) {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (clusters.held !== null) return;
    // Without it the rest of the overview still says what there is to say.
    clusters.get().then(
      () => redraw(1),
      () => undefined,
    );
  }, []);
  if (clusters.held === null) return <div class="cluster-coming" />;
  return <clusters.held.Clusters {...properties} />;
}
