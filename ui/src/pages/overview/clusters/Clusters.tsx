import type { Entity } from '../../../api/row';
import { useVerdicts } from '../../../state/verdicts';
import { Section } from '../../parts/Section';
import { Changes } from './Changes';
import { ClusterCard } from './ClusterCard';
import { Unwell } from './Unwell';
import { useClusters, useLogVolume, useWrong } from './useClusters';

/** The clusters of the scope: how they do, what is unwell in them, what changed. */
export function Clusters({ rows, where }: { rows: readonly Entity[]; where: Readonly<Record<string, string>> }) {
  const clusters = useClusters(rows, where);
  const verdicts = useVerdicts({ cluster: where.cluster ?? null, node: where.node ?? null }).data ?? null;
  const wrong = useWrong(where);
  const logs = useLogVolume(where);
  return (
    <>
      <section class="clusters" aria-label="Clusters">
        {clusters.map((figures) => (
          <ClusterCard
            key={figures.cluster ?? ''}
            figures={figures}
            verdicts={verdicts}
            alone={clusters.length === 1}
            wrong={wrong && (wrong.get(figures.cluster ?? '') ?? { restarts: 0, oomKills: 0 })}
            logs={logs?.get(figures.cluster ?? '') ?? null}
          />
        ))}
      </section>
      <div class={verdicts ? 'side-by-side' : ''}>
        {verdicts && (
          <Section id="unwell" title="What is unwell, worst first">
            <Unwell verdicts={verdicts.entities} />
          </Section>
        )}
        <Section id="changes" title="Changed in the last hour">
          <Changes where={where} />
        </Section>
      </div>
    </>
  );
}
