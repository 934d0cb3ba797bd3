import { useState } from 'preact/hooks';
import { Combobox } from '../../app/Combobox';
import type { Choice } from '../../app/Combobox';
import { Icon } from '../../app/icons';
import { format } from '../../format/number';
import { LEVELS, levelWord } from '../../logs/level';
import { OWN_KEYS, SCOPE_KEYS, toggled } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { query, setQuery } from '../../routes/location';

const LABELS = { pod: 'All pods', container: 'All containers', stream: 'All streams' } as const;

interface Properties {
  view: LogView;
  valuesOf: (field: string) => Promise<readonly { value: string; count: number }[]>;
}

/** What the page is narrowed to besides the query: pod, container, stream, levels. */
export function ScopeRow({ view, valuesOf }: Properties) {
  const params = query.value;
  const ids = (['pod_uid', 'container_id'] as const).filter((key) => params.has(key));
  const narrowed = SCOPE_KEYS.some((key) => params.has(key)) || view.levels.length > 0 || view.query !== '';
  return (
    <div class="log-scope">
      {OWN_KEYS.map((key) => (
        <ScopeBox key={key} name={key} value={params.get(key)} valuesOf={valuesOf} />
      ))}
      {ids.map((key) => (
        <button
          key={key}
          type="button"
          title={`Only ${key} ${params.get(key) ?? ''}. Press to see all.`}
          aria-label={`Only one ${key}: see all`}
          aria-pressed="true"
          onClick={() => setQuery({ [key]: null })}
        >
          {key === 'pod_uid' ? 'this very pod' : 'this very container'}
          <Icon name="close" />
        </button>
      ))}
      <div class="chips" role="group" aria-label="Levels">
        {LEVELS.map((level) => {
          const name = level === '' ? 'none' : level;
          return (
            <button
              key={name}
              type="button"
              class={`level-chip ${name}`}
              aria-pressed={view.levels.includes(name)}
              onClick={() => setQuery({ level: toggled(view.levels, name), around: null })}
            >
              {levelWord(level)}
            </button>
          );
        })}
      </div>
      {narrowed && (
        <button
          type="button"
          class="link"
          onClick={() =>
            setQuery({
              ...Object.fromEntries(SCOPE_KEYS.map((key) => [key, null])),
              level: null,
              q: null,
              around: null,
            })
          }
        >
          Clear all
        </button>
      )}
    </div>
  );
}

function ScopeBox({
  name,
  value,
  valuesOf,
}: {
  name: keyof typeof LABELS;
  value: string | null;
  valuesOf: Properties['valuesOf'];
}) {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  return (
    <Combobox
      label={LABELS[name]}
      value={value}
      choices={choices}
      free
      onOpen={() => {
        valuesOf(name).then(
          (found) => setChoices(found.map((one) => ({ value: one.value, note: format('count', one.count) }))),
          () => setChoices([]),
        );
      }}
      onChange={(next) => setQuery({ [name]: next, around: null, ...(name === 'pod' ? { pod_uid: null } : {}) })}
    />
  );
}
