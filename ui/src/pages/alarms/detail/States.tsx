import type { AlarmDetail } from '../../../api/alarms';
import { Section } from '../../parts/Section';
import { StripLegend, Timeline } from '../list/Timeline';
import { useTimelines } from '../list/useTimelines';

/** The states of an alarm over the page's range. */
export function States({ alarm }: { alarm: AlarmDetail }) {
  const timelines = useTimelines([alarm], alarm.name);
  return (
    <Section id="states" title="States in the range" note={<StripLegend />}>
      <div class="card strip-card">
        <Timeline stretches={timelines.get(alarm.name) ?? null} name={alarm.name} />
      </div>
    </Section>
  );
}
