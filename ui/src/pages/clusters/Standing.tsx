import { useVerdicts } from '../../state/verdicts';
import { Changes } from '../overview/clusters/Changes';
import { Unwell } from '../overview/clusters/Unwell';
import { Section } from '../parts/Section';

/** What is unwell in a cluster, and what changed. */
export function Standing({ where }: { where: Readonly<{ cluster: string }> }) {
  const verdicts = useVerdicts(where).data ?? null;
  return (
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
  );
}
