import type { AlarmDetail } from '../../../api/alarms';
import { readable } from '../../../alarms/explain';
import { copy } from '../../../app/announce';
import { Icon } from '../../../app/icons';
import { newAlarmLink } from '../../../routes/alarmLinks';
import { query, setQuery } from '../../../routes/location';

/** The definition as a list that one reads, or as JSON that one copies. */
export function DefinitionView({ alarm }: { alarm: AlarmDetail }) {
  const asJson = query.value.get('as') === 'json';
  const text = JSON.stringify(alarm.definition, null, 2);
  return (
    <>
      <div class="filter-bar">
        <div class="chips" role="group" aria-label="Shown as">
          {(['list', 'json'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={(one === 'json') === asJson}
              onClick={() => setQuery({ as: one === 'json' ? 'json' : null }, { replace: true })}
            >
              {one === 'json' ? 'JSON' : 'List'}
            </button>
          ))}
        </div>
        <button type="button" onClick={() => void copy(text, 'Definition')}>
          <Icon name="copy" />
          Copy as JSON
        </button>
        <a class="button" href={newAlarmLink({ ...alarm.definition, AlarmName: `${alarm.name} copy` })}>
          <Icon name="plus" />
          New alarm from this
        </a>
      </div>
      {asJson ? (
        <pre class="card json" tabIndex={0} aria-label="Definition as JSON">
          {text}
        </pre>
      ) : (
        <dl class="card readable">
          {readable(alarm.definition).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
