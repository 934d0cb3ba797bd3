import { query, setQuery } from '../../routes/location';
import { GROUPS } from '../../map/group';
import type { GroupBy } from '../../map/group';
import { SHADES } from '../../map/shade';
import { SIZES } from '../../map/size';
import type { SizeBy } from '../../map/size';

/** How the map is looked at, from the address. */

/** The colour that stands for verdicts; all others but the next are those of {@link SHADES}. */
export const HEALTH = 'health';
/** The one that stands for alarms. */
export const ALARMS = 'alarms';

export interface MapView {
  /** Null: what suits, verdicts where there are any. */
  colour: string | null;
  size: SizeBy;
  group: GroupBy;
  table: boolean;
}

export function mapView(): MapView {
  const params = query.value;
  const wanted = params.get('colour');
  return {
    colour: wanted === HEALTH || wanted === ALARMS || SHADES.some((shade) => shade.id === wanted) ? wanted : null,
    size: SIZES.find((size) => size === params.get('size')) ?? 'equal',
    group: GROUPS.find((group) => group === params.get('group')) ?? 'node',
    table: params.get('as') === 'table',
  };
}

/** Changes one of them in place: the back button leaves the map rather than stepping through its colours. */
export function setMapView(key: 'colour' | 'size' | 'group' | 'as', value: string | null): void {
  setQuery({ [key]: value, sort: null }, { replace: true });
}
