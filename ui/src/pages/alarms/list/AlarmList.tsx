import type { AlarmsAnswer, AlarmState, AlarmSummary } from '../../../api/alarms';
import { aboutOf, aboutWords } from '../../../alarms/about';
import type { Place } from '../../../alarms/concern';
import { ALARM_STATES, fitsFilter, severityOf, SEVERITY_TAGS, tagsOf, worstFirst } from '../../../alarms/order';
import type { AlarmFilter } from '../../../alarms/order';
import { ORIGIN_WORDS, STATE_MARKS } from '../../../alarms/words';
import { Icon } from '../../../app/icons';
import { newAlarmLink } from '../../../routes/alarmLinks';
import { query, setQuery } from '../../../routes/location';
import { useConcerns } from '../../../state/alarms';
import { FilterBox, filterText } from '../../parts/FilterBox';
import { AlarmRow } from './AlarmRow';
import { useTimelines } from './useTimelines';
import { useState } from 'preact/hooks';

const MOST = 100;
const NOWHERE: Place = {};

/** What the address narrows the list to. */
function filterOf(params: URLSearchParams): AlarmFilter {
  const state = params.get('state');
  return {
    state: ALARM_STATES.find((one) => one === state) ?? null,
    severity: params.get('severity'),
    tag: params.get('tag'),
    origin: params.get('origin'),
    text: filterText(),
  };
}

/** Every alarm, worst first, with its states over the page's range. */
export function AlarmList({ answer, refused }: { answer: AlarmsAnswer | null; refused: boolean }) {
  const [most, setMost] = useState(MOST);
  const filter = filterOf(query.value);
  const all = answer?.alarms ?? [];
  const about = aboutOf(query.value.get('about'));
  const concerned = new Set(useConcerns(about ?? NOWHERE).map(({ alarm }) => alarm.name));
  const found = worstFirst(
    all.filter((alarm) => fitsFilter(alarm, filter) && (about === null || concerned.has(alarm.name))),
  );
  const shown = found.slice(0, most);
  const timelines = useTimelines(all);
  return (
    <>
      <Counts answer={answer} chosen={filter.state} />
      <div class="filter-bar">
        <FilterBox label="Filter alarms" hint="Filter: name, reason, label, tag, receiver …" />
        <Choice name="severity" label="Severity" value={filter.severity} choices={severitiesOf(all)} />
        <Choice name="tag" label="Tag" value={filter.tag} choices={tagsOf(all).map((tag) => [tag, tag] as const)} />
        <Choice name="origin" label="Made by" value={filter.origin} choices={Object.entries(ORIGIN_WORDS)} />
        {about && <About of={about} />}
        <span class="total num" aria-live="polite">
          {found.length} of {all.length} alarms
        </span>
        <a class="button primary" href={newAlarmLink()} title="New alarm (n)">
          <Icon name="plus" />
          New alarm
        </a>
      </div>
      {shown.length > 0 && (
        <ul class="alarm-list card" aria-label="Alarms, worst first">
          {shown.map((alarm) => (
            <AlarmRow key={alarm.name} alarm={alarm} stretches={timelines.get(alarm.name) ?? null} />
          ))}
        </ul>
      )}
      {shown.length === 0 && <Nothing answer={answer} refused={refused} />}
      {found.length > most && (
        <p class="table-more">
          Showing {most} of {found.length}.{' '}
          <button type="button" onClick={() => setMost(most + 4 * MOST)}>
            Show {Math.min(4 * MOST, found.length - most)} more
          </button>
        </p>
      )}
    </>
  );
}

/** That only what goes off on an entity is listed, and the way to all. */
function About({ of }: { of: Place }) {
  const words = aboutWords(of);
  return (
    <button
      type="button"
      class="about-chip"
      title={`Only what goes off on ${words} or within it. Press for all alarms.`}
      aria-label={`About ${words}: show all alarms`}
      onClick={() => setQuery({ about: null }, { replace: true })}
    >
      about {words}
      <Icon name="close" />
    </button>
  );
}

function Nothing({ answer, refused }: { answer: AlarmsAnswer | null; refused: boolean }) {
  if (answer === null) return refused ? null : <p class="muted loading-note">Loading…</p>;
  if (answer.alarms.length > 0) return <p class="card table-empty">No alarm fits the filter.</p>;
  return (
    <p class="card table-empty">
      There is no alarm yet. <a href={newAlarmLink()}>Make one</a>, or choose “Alarm on this” in the menu of any chart.
    </p>
  );
}

function Counts({ answer, chosen }: { answer: AlarmsAnswer | null; chosen: AlarmState | null }) {
  return (
    <div class="alarm-counts" role="group" aria-label="State">
      {ALARM_STATES.map((state) => {
        const { word, tone, icon } = STATE_MARKS[state];
        return (
          <button
            key={state}
            type="button"
            class="card"
            aria-pressed={chosen === state}
            onClick={() => setQuery({ state: chosen === state ? null : state }, { replace: true })}
          >
            <span class="alarm-count num">{answer?.counts[state] ?? '–'}</span>
            <span class={`status ${tone}`}>
              <Icon name={icon} />
              {word}
            </span>
          </button>
        );
      })}
    </div>
  );
}

interface ChoiceProperties {
  name: string;
  label: string;
  value: string | null;
  choices: readonly (readonly [value: string, word: string])[];
}

function Choice({ name, label, value, choices }: ChoiceProperties) {
  const listed =
    value === null || choices.some(([one]) => one === value) ? choices : [...choices, [value, value] as const];
  if (listed.length === 0) return null;
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => setQuery({ [name]: event.currentTarget.value }, { replace: true })}
    >
      <option value="">{label}: any</option>
      {listed.map(([one, word]) => (
        <option key={one} value={one}>
          {word}
        </option>
      ))}
    </select>
  );
}

function severitiesOf(alarms: readonly AlarmSummary[]): [string, string][] {
  const own = [...new Set(alarms.map(severityOf).filter((one) => one !== null))].filter(
    (one) => !SEVERITY_TAGS.some((known) => known === one),
  );
  return [
    ...SEVERITY_TAGS.map((one): [string, string] => [one, one]),
    ...own.sort().map((one): [string, string] => [one, one]),
    ['none', 'no severity'],
  ];
}
