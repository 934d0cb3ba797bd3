import type { Entity } from '../../api/row';
import { useJudged } from '../../state/judged';
import { useVerdicts } from '../../state/verdicts';
import { Glance } from '../overview/clusters/Glance';
import { useClusters, useLogVolume, useWrong } from '../overview/clusters/useClusters';
import { Facts } from '../parts/Facts';
import { VerdictCard } from '../parts/VerdictCard';
import { PodsByVerdict } from './PodsByVerdict';
import { podWords } from './podWords';
import { versionsOf } from './versions';

interface Properties {
  cluster: string;
  rows: readonly Entity[];
  objects: readonly Entity[];
}

/** How a cluster does: the verdict with its reasons, what there is of it, its versions. */
export function Head({ cluster, rows, objects }: Properties) {
  const where = { cluster };
  const [figures] = useClusters(rows, where);
  const wrong = useWrong(where);
  const logs = useLogVolume(where);
  const judged = useJudged({ kinds: ['Cluster'], cluster }, (it) => it.cluster);
  const unwell = useVerdicts({ cluster }).data ?? null;
  return (
    <>
      <VerdictCard verdict={judged.get(cluster) ?? null} />
      {figures && (
        <section class="card cluster" aria-labelledby="glance-heading">
          <h2 class="sr-only" id="glance-heading">
            At a glance
          </h2>
          <Glance
            figures={figures}
            wrong={wrong && (wrong.get(cluster) ?? { restarts: 0, oomKills: 0 })}
            logs={logs?.get(cluster) ?? null}
          >
            {unwell && <PodsByVerdict cluster={cluster} words={podWords(unwell.entities, unwell.counts.Pod)} />}
          </Glance>
        </section>
      )}
      <Facts
        facts={[
          { name: 'Kubelet', value: versionsOf(objects, 'kubeletVersion') },
          { name: 'Runtime', value: versionsOf(objects, 'containerRuntimeVersion') },
          { name: 'System', value: versionsOf(objects, 'osImage') },
          { name: 'Kernel', value: versionsOf(objects, 'kernelVersion') },
          { name: 'Architecture', value: versionsOf(objects, 'architecture') },
        ]}
      />
    </>
  );
}
