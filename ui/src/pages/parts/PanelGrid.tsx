import type { Place } from '../../alarms/concern';
import type { Filters, Statistic } from '../../api/metrics';
import { HappeningsOf } from '../../charts/happening';
import { LinesOf } from '../../charts/lines';
import { MetricPanel } from '../../panels/MetricPanel';
import type { PanelSpec } from '../../panels/panel';
import type { LogScope } from '../../routes/links';
import type { Happenings } from '../../state/happenings';
import { AlarmSpans } from './AlarmSpans';

interface Properties {
  /** What the page is about: alarms on it, and on what is within it, are drawn. */
  about: Place;
  panels: readonly PanelSpec[];
  filters: Filters;
  statistic?: Statistic;
  /** A chart before them that is about something else than they are. */
  lead?: { panel: PanelSpec; filters: Filters } | null;
  happenings: Happenings;
  lines: LogScope | null;
}

/** Charts with what happened meanwhile, and the way from each to the log. */
export function PanelGrid({ about, panels, filters, statistic, lead = null, happenings, lines }: Properties) {
  return (
    <HappeningsOf.Provider value={happenings.list}>
      <LinesOf.Provider value={lines}>
        {happenings.more && (
          <p class="muted">
            More happened than can be marked: the newest {happenings.list.length} are. Choose a shorter range.
          </p>
        )}
        <AlarmSpans of={about}>
          <div class="chart-grid">
            <h2 class="sr-only">Charts</h2>
            {lead && <MetricPanel panel={lead.panel} filters={lead.filters} />}
            {panels.map((panel) => (
              <MetricPanel
                key={panel.id}
                panel={panel}
                filters={filters}
                {...(statistic === undefined ? {} : { statistic })}
              />
            ))}
          </div>
        </AlarmSpans>
      </LinesOf.Provider>
    </HappeningsOf.Provider>
  );
}
