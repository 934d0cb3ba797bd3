import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Place } from '../../alarms/concern';
import type { EntitySpans } from '../../alarms/entitySpans';
import { severityRank } from '../../alarms/order';
import { Icon } from '../../app/icons';
import { AlarmsOf, MOST_BARS } from '../../charts/alarms';
import type { ChartAlarm } from '../../charts/alarms';
import { dateTime, duration } from '../../format/time';
import { ThresholdsOf } from '../../panels/threshold';
import { alarmLink, alarmsLink } from '../../routes/alarmLinks';
import { query, setQuery } from '../../routes/location';
import { MOST_CHANGES, useAlarmSpans } from '../../state/alarmSpans';
import { now, span } from '../../state/clock';
import { zone } from '../../state/zone';

/** So many alarms are named above the charts. */
const MOST_LISTED = 6;
/** A range that ended less than so long ago is the present one. */
const PRESENT_MS = 120_000;

/** Charts with the alarms on what a page is about that were in ALARM meanwhile; named above, as bars and a shade on each. */
export function AlarmSpans({ of, children }: { of: Place; children: ComponentChildren }) {
  const shown = query.value.get('spans') !== 'off';
  const { list, since, problem } = useAlarmSpans(of);
  const alarms = useMemo(() => (shown ? list.map(chartAlarm) : []), [list, shown]);
  const thresholds = useMemo(
    () => (shown ? list.flatMap(({ alarm, threshold }) => (threshold === null ? [] : [{ alarm, ...threshold }])) : []),
    [list, shown],
  );
  return (
    <AlarmsOf.Provider value={alarms}>
      <ThresholdsOf.Provider value={thresholds}>
        {problem && (
          <p class="muted">Alarms of this range could not be asked for: {problem.title}. Charts lack them.</p>
        )}
        {list.length > 0 && <Listed list={list} shown={shown} />}
        {since !== null && (
          <p class="muted">
            More alarms changed than can be marked: the newest {MOST_CHANGES} changes are, since{' '}
            {dateTime(since, zone.value)}. Choose a shorter range.
          </p>
        )}
        {children}
      </ThresholdsOf.Provider>
    </AlarmsOf.Provider>
  );
}

function chartAlarm({ alarm, own, severity, spans, within, series }: EntitySpans): ChartAlarm {
  return { name: alarm, href: alarmLink(alarm), own, severity, spans, of: withinWords(within, series) };
}

function withinWords(within: readonly string[], series: number): string | null {
  if (within.length === 0) return null;
  const more = series - within.length;
  return within.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What the bars stand for, from the top down. */
function Listed({ list, shown }: { list: readonly EntitySpans[]; shown: boolean }) {
  return (
    <section class="card alarm-spans" aria-label="Alarms in this range">
      <ul>
        {list.slice(0, MOST_LISTED).map((one) => (
          <Item key={one.alarm} one={one} />
        ))}
        {list.length > MOST_LISTED && (
          <li>
            <a href={alarmsLink({ tab: 'history' })}>and {list.length - MOST_LISTED} more</a>
          </li>
        )}
      </ul>
      <p class="muted">
        {shown ? `A bar above each chart, ${barWords(list)}.` : 'Not drawn on the charts.'}{' '}
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setQuery({ spans: shown ? 'off' : null }, { replace: true })}
        >
          Alarms on charts
        </button>
      </p>
    </section>
  );
}

function barWords(list: readonly EntitySpans[]): string {
  const order = list.length === 1 ? '' : 'in this order; ';
  const rest = list.length > MOST_BARS ? `from number ${MOST_BARS} on they share one; ` : '';
  return `${order}${rest}filled for an alarm on this itself, hollow for one on something within it`;
}

function Item({ one }: { one: EntitySpans }) {
  const { alarm, severity, spans, within, series } = one;
  const seconds = Math.round(spans.reduce((sum, { start, end }) => sum + end - start, 0) / 1000);
  const last = spans.at(-1);
  // A range of the past says nothing of the present.
  const still = last !== undefined && last.end >= span.value.end && now.value - span.value.end < PRESENT_MS;
  const times = spans.length === 1 ? 'once' : `${spans.length} times`;
  const of = withinWords(within, series);
  return (
    <li>
      <span class={`status ${severityRank(severity) <= 1 ? 'bad' : 'warn'}`}>
        <Icon name="alarms" />
        {still ? 'in alarm' : 'was in alarm'}
      </span>
      <a href={alarmLink(alarm)}>{alarm}</a>
      {of !== null && <span class="muted">{of}</span>}
      <span class="muted num">
        {times}, {duration(seconds)}
        {last && !still && `, until ${dateTime(last.end, zone.value)}`}
      </span>
    </li>
  );
}
