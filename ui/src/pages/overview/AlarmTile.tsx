import { worstFirst } from '../../alarms/order';
import { exact, format } from '../../format/number';
import { alarmLink, alarmsLink } from '../../routes/alarmLinks';
import { useAlarms } from '../../state/alarms';
import { Tile } from './Tile';

const MOST = 3;

/** How many alarms go off, and the worst of them. Nothing where the server has none. */
export function AlarmTile() {
  const answer = useAlarms();
  if (!answer) return null;
  const { ALARM: firing, OK: well, INSUFFICIENT_DATA: unknown } = answer.counts;
  return (
    <Tile
      title="Alarms"
      value={format('count', firing)}
      exactly={`${exact('count', firing)} in alarm`}
      note={`in alarm · ${well} OK · ${unknown} with insufficient data`}
    >
      <ul class="tile-note">
        {worstFirst(answer.alarms)
          .slice(0, MOST)
          .map((alarm) => (
            <li key={alarm.name}>
              <a href={alarmLink(alarm.name)} title={alarm.reason}>
                {alarm.name}
              </a>
            </li>
          ))}
        {(firing > MOST || firing === 0) && (
          <li>
            <a href={firing === 0 ? alarmsLink() : alarmsLink({ state: 'ALARM' })}>
              {firing === 0 ? 'All of them' : `and ${firing - MOST} more`}
            </a>
          </li>
        )}
      </ul>
    </Tile>
  );
}
