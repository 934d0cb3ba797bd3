import { useState } from 'preact/hooks';
import type { LogFacet } from '../../api/logs';
import { Combobox } from '../../app/Combobox';
import { Icon } from '../../app/icons';
import { exact, format } from '../../format/number';
import { FACETS } from '../../logs/state';
import type { FieldActions } from './JsonTree';

interface Properties {
  facets: Readonly<Record<string, LogFacet>> | null;
  /** In the order in which they are shown. */
  names: readonly string[];
  /** Fields that could be counted too. */
  fields: readonly string[];
  dimmed: boolean;
  actions: FieldActions;
  /** More values of one facet than the first few. */
  valuesOf: (field: string) => Promise<readonly { value: string; count: number }[]>;
}

/** What values the fields of the found lines have, and how often. */
export function Facets({ facets, names, fields, dimmed, actions, valuesOf }: Properties) {
  const shown = names.filter((name) => !usual(name) || (facets?.[name]?.distinct ?? 0) > 0);
  return (
    <div class={`facets ${dimmed ? 'dimmed' : ''}`} aria-busy={dimmed}>
      {facets === null && <p class="loading-note muted">Loading…</p>}
      {shown.map((name) => (
        <Facet key={name} name={name} facet={facets?.[name] ?? null} actions={actions} valuesOf={valuesOf} />
      ))}
      <div class="facet-add">
        <Combobox
          label="Count another field"
          value={null}
          choices={fields.filter((field) => !names.includes(field)).map((value) => ({ value }))}
          free
          onChange={(field) => {
            if (field !== null && !names.includes(field)) actions.onFacet(field);
          }}
        />
      </div>
    </div>
  );
}

function usual(name: string): boolean {
  return (FACETS as readonly string[]).includes(name);
}

function Facet({
  name,
  facet,
  actions,
  valuesOf,
}: { name: string; facet: LogFacet | null } & Pick<Properties, 'actions' | 'valuesOf'>) {
  const [more, setMore] = useState<{ of: LogFacet; values: LogFacet['values'] } | null>(null);
  const [words, setWords] = useState('');
  const all = facet && more?.of === facet ? more.values : (facet?.values ?? []);
  const values = all.filter(({ value }) => value.toLowerCase().includes(words.trim().toLowerCase()));
  const most = Math.max(1, ...all.map(({ count }) => count));
  const hidden = (facet?.distinct ?? 0) - (facet?.values.length ?? 0);
  return (
    <details class="facet" open>
      <summary>
        <span class="facet-name" title={name}>
          {name}
        </span>
        <span class="muted num">{facet ? format('count', facet.distinct) : ''}</span>
        {!usual(name) && (
          <button
            type="button"
            class="quiet"
            aria-label={`Stop counting ${name}`}
            onClick={(event) => {
              event.preventDefault();
              actions.onFacet(name);
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </summary>
      {more !== null && more.of === facet && (
        <input
          type="search"
          aria-label={`Find a value of ${name}`}
          placeholder="Find a value"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      )}
      <ul>
        {values.map(({ value, count }) => (
          <li key={value}>
            <button
              type="button"
              class="facet-value"
              title={`${value}: ${exact('count', count)} lines. Press to see only these.`}
              onClick={() => actions.onFilter(name, value, false)}
            >
              <meter min={0} max={most} value={count} aria-hidden="true" />
              <span class="facet-label">{value}</span>
              <span class="num muted">{format('count', count)}</span>
            </button>
            <button
              type="button"
              class="quiet facet-out"
              aria-label={`Filter out ${name} ${value}`}
              title="Filter this value out"
              onClick={() => actions.onFilter(name, value, true)}
            >
              <Icon name="minus" />
            </button>
          </li>
        ))}
      </ul>
      {facet && values.length === 0 && <p class="muted">{words === '' ? 'No line has it.' : 'Nothing like that.'}</p>}
      {facet && hidden > 0 && more?.of !== facet && (
        <button
          type="button"
          class="link"
          onClick={() => {
            void valuesOf(name).then((found) => setMore({ of: facet, values: found }));
          }}
        >
          {format('count', hidden)} more
        </button>
      )}
      {facet && facet.missing > 0 && usual(name) && name !== 'level' && (
        <p class="muted num" title={exact('count', facet.missing)}>
          {format('count', facet.missing)} lines without
        </p>
      )}
    </details>
  );
}
