import { askReceivers } from '../../../api/alarms';
import type { Receiver } from '../../../api/alarms';
import type { AlarmForm } from '../../../alarms/form';
import { alarmsLink } from '../../../routes/alarmLinks';
import { useResource } from '../../../state/resource';
import type { Part } from './part';

type Actions = 'alarmActions' | 'okActions' | 'insufficientDataActions';

const COLUMNS: readonly (readonly [Actions, string])[] = [
  ['alarmActions', 'In alarm'],
  ['okActions', 'OK again'],
  ['insufficientDataActions', 'Insufficient data'],
];

/** Who is told of which change. */
export function ReceiverFields({ form, set, judged }: Part) {
  const { data } = useResource('receivers', 'once', askReceivers);
  const fault = judged.at('AlarmActions', 'OKActions', 'InsufficientDataActions');
  const rows = rowsOf(form, data ?? []);
  const toggle = (actions: Actions, row: Row) => {
    const others = form[actions].filter((one) => !row.known.includes(one));
    set({ [actions]: others.length < form[actions].length ? others : [...others, row.known[0] ?? row.name] });
  };
  return (
    <fieldset class="card form-part">
      <legend>Notifications</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={form.actionsEnabled}
          onChange={(event) => set({ actionsEnabled: event.currentTarget.checked })}
        />
        Notify on changes of state
      </label>
      {rows.length === 0 ? (
        <p class="muted">
          {data === null ? 'Receivers are being asked for.' : 'No receiver is named in the file of alarms yet.'} Routes
          of the file may still tell somebody. <a href={alarmsLink({ tab: 'receivers' })}>Receivers</a>
        </p>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Receivers">
          <table class="data">
            <caption class="sr-only">Who is told of which change</caption>
            <thead>
              <tr>
                <th scope="col">Receiver</th>
                {COLUMNS.map(([actions, word]) => (
                  <th key={actions} scope="col">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <th scope="row">
                    <span class="cell-name">
                      {row.name}
                      <small>{row.note}</small>
                    </span>
                  </th>
                  {COLUMNS.map(([actions, word]) => (
                    <td key={actions}>
                      <input
                        type="checkbox"
                        aria-label={`${row.name}: ${word}`}
                        checked={form[actions].some((one) => row.known.includes(one))}
                        onChange={() => toggle(actions, row)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {fault !== null && (
        <p class="field-fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}

interface Row {
  name: string;
  note: string;
  /** What a definition may call it; the first is what is written. */
  known: readonly string[];
}

/** Every receiver, and every action that names none of them. */
function rowsOf(form: AlarmForm, receivers: readonly Receiver[]): Row[] {
  const rows = receivers.map(({ name, type, target, arns }): Row => ({
    name,
    note: `${type}, ${target}`,
    known: [...arns, name],
  }));
  const chosen = new Set(COLUMNS.flatMap(([actions]) => form[actions]));
  const strange = [...chosen].filter((one) => !rows.some(({ known }) => known.includes(one)));
  return [...rows, ...strange.map((name): Row => ({ name, note: 'no receiver has this name or ARN', known: [name] }))];
}
