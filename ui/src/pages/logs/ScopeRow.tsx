import { useEffect, useRef, useState } from 'preact/hooks';
import { Combobox } from '../../app/Combobox';
import type { Choice } from '../../app/Combobox';
import { Icon } from '../../app/icons';
import { format } from '../../format/number';
import { LEVELS, levelWord } from '../../logs/level';
import { OWN_KEYS, SCOPE_KEYS, toggled } from '../../logs/state';
import type { LogView } from '../../logs/state';
import { query, setQuery } from '../../routes/location';
import { hasPods } from '../../app/nav';

const LABELS = {
  namespace: 'All namespaces',
  pod: 'All pods',
  container: 'All containers',
  stream: 'All streams',
} as const;
/** How long after the last letter what was typed is looked for. */
const TYPED_MS = 150;

interface Properties {
  view: LogView;
  valuesOf: (field: string, typed?: string) => Promise<readonly { value: string; count: number }[]>;
}

/** What the page is narrowed to besides the query: pod, container, stream, levels. */
export function ScopeRow({ view, valuesOf }: Properties) {
  const params = query.value;
  const ids = (['pod_uid', 'container_id'] as const).filter((key) => params.has(key));
  const narrowed = SCOPE_KEYS.some((key) => params.has(key)) || view.levels.length > 0 || view.query !== '';
  return (
    <div class="log-scope">
      {/* The bar of the page has it where pods are measured; here may be nothing but their logs. */}
      {!hasPods.value && <ScopeBox name="namespace" value={params.get('namespace')} valuesOf={valuesOf} />}
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
  const asked = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const ask = (typed?: string) => {
    const number = (asked.current += 1);
    // An answer to what was typed before is too late.
    const take = (found: readonly Choice[]) => {
      if (number === asked.current) setChoices(found);
    };
    valuesOf(name, typed).then(
      (found) => take(found.map((one) => ({ value: one.value, note: format('count', one.count) }))),
      () => take([]),
    );
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <Combobox
      label={LABELS[name]}
      value={value}
      choices={choices}
      free
      onOpen={() => ask()}
      onType={(typed) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => ask(typed), TYPED_MS);
      }}
      onChange={(next) => setQuery({ [name]: next, around: null, ...(name === 'pod' ? { pod_uid: null } : {}) })}
    />
  );
}
