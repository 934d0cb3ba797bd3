import type { GroupBy } from '../../map/group';
import type { SizeBy } from '../../map/size';
import { Icon } from '../../app/icons';
import { setMapView } from './state';
import type { MapView } from './state';

const GROUPS: readonly (readonly [GroupBy, string])[] = [
  ['node', 'Node'],
  ['namespace', 'Namespace'],
  ['workload', 'Workload'],
];

const SIZES: readonly (readonly [SizeBy, string])[] = [
  ['equal', 'All equal'],
  ['cpu', 'CPU requested'],
  ['memory', 'Memory requested'],
];

interface Properties {
  view: MapView;
  /** What is coloured by now. */
  colour: string;
  colours: readonly { id: string; label: string }[];
}

/** What the map is coloured, sized and grouped by; each in the address. */
export function Controls({ view, colour, colours }: Properties) {
  return (
    <div class="map-controls">
      <Choice
        label="Colour"
        value={colour}
        options={colours.map(({ id, label }) => [id, label] as const)}
        onPick={(id) => setMapView('colour', id)}
      />
      <Choice
        label="Size"
        value={view.size}
        options={SIZES}
        onPick={(id) => setMapView('size', id === 'equal' ? null : id)}
      />
      <Choice
        label="Group"
        value={view.group}
        options={GROUPS}
        onPick={(id) => setMapView('group', id === 'node' ? null : id)}
      />
      <button
        type="button"
        aria-pressed={view.table}
        onClick={() => setMapView('as', view.table ? null : 'table')}
        title={view.table ? 'Show as map' : 'The same as a table'}
      >
        <Icon name={view.table ? 'map' : 'table'} />
        {view.table ? 'As map' : 'As table'}
      </button>
    </div>
  );
}

function Choice({
  label,
  value,
  options,
  onPick,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onPick: (id: string) => void;
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([id, text]) => (
          <option key={id} value={id} selected={id === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
