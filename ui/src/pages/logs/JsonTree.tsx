import { Icon } from '../../app/icons';
import { fieldName } from '../../logs/json';
import type { Json } from '../../logs/json';

/** What can be done with a single value of a tree. */
export interface FieldActions {
  onFilter: (field: string, value: string, not: boolean) => void;
  /** Counts the values of a field in the sidebar. */
  onFacet: (field: string) => void;
}

const OPEN_DEPTH = 2;
const DEEPEST = 24;
const MOST_CHILDREN = 200;

type Container = readonly Json[] | Readonly<Record<string, Json>>;

/** An object of JSON as a tree. Single values can be filtered for and out, and counted. */
export function JsonTree({ value, actions }: { value: Container; actions: FieldActions }) {
  return (
    <div class="json-tree mono">
      <Children value={value} path="" depth={0} actions={actions} />
    </div>
  );
}

interface Properties {
  value: Container;
  /** Dotted, as the log language names it; `null` inside lists, of which it names no part. */
  path: string | null;
  depth: number;
  actions: FieldActions;
}

function Children({ value, path, depth, actions }: Properties) {
  const list = Array.isArray(value);
  const entries = Object.entries<Json>(value as Readonly<Record<string, Json>>);
  return (
    <ul>
      {entries.slice(0, MOST_CHILDREN).map(([key, child]) => {
        const own = list || path === null ? null : path === '' ? key : `${path}.${key}`;
        return (
          <li key={key}>
            <Node name={key} value={child} path={own} depth={depth} actions={actions} />
          </li>
        );
      })}
      {entries.length > MOST_CHILDREN && <li class="muted">… {entries.length - MOST_CHILDREN} more</li>}
    </ul>
  );
}

function Node({ name, value, path, depth, actions }: Omit<Properties, 'value'> & { name: string; value: Json }) {
  if (value !== null && typeof value === 'object' && depth < DEEPEST) {
    const container: Container = value;
    const count = Object.keys(container).length;
    const list = Array.isArray(container);
    return (
      <details open={depth < OPEN_DEPTH}>
        <summary>
          <span class="json-key">{name}</span> <span class="muted">{list ? `[${count}]` : `{${count}}`}</span>
        </summary>
        <Children value={container} path={path} depth={depth + 1} actions={actions} />
      </details>
    );
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <span class="json-leaf">
      <span class="json-key">{name}</span>
      <span class={`json-value ${value === null ? 'null' : typeof value}`}>{text}</span>
      {path !== null && value !== null && <FieldButtons field={fieldName(path)} value={text} actions={actions} facet />}
    </span>
  );
}

/** Filter for, filter out, count. */
export function FieldButtons({
  field,
  value,
  actions,
  facet = false,
}: {
  field: string;
  value: string;
  actions: FieldActions;
  facet?: boolean;
}) {
  const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return (
    <span class="field-buttons">
      <button
        type="button"
        class="quiet"
        aria-label={`Filter for ${field} ${short}`}
        title="Filter for this value"
        onClick={() => actions.onFilter(field, value, false)}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={`Filter out ${field} ${short}`}
        title="Filter this value out"
        onClick={() => actions.onFilter(field, value, true)}
      >
        <Icon name="minus" />
      </button>
      {facet && (
        <button
          type="button"
          class="quiet"
          aria-label={`Count the values of ${field}`}
          title="Count its values in the sidebar"
          onClick={() => actions.onFacet(field)}
        >
          <Icon name="table" />
        </button>
      )}
    </span>
  );
}
