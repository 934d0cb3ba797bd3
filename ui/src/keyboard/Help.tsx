import { Icon } from '../app/icons';
import { navigation } from '../app/nav';
import { Dialog } from './Dialog';
import { help } from './open';
import { pageKeys, SHORTCUTS } from './shortcuts';

const CHART_KEYS: readonly (readonly [string, string])[] = [
  ['← →', 'Move the cursor; with Ctrl by tenths'],
  ['Home End', 'First and last point'],
  ['Shift ← →', 'Choose a part; Enter zooms into it'],
  ['Enter', 'Pin the cursor'],
  ['o', 'Log lines of that minute'],
  ['Esc', 'Let go'],
];

const MOUSE: readonly (readonly [string, string])[] = [
  ['Drag', 'Zoom into a part, in all charts'],
  ['Shift drag', 'Move in time'],
  ['Click', 'Pin the cursor'],
  ['Legend', 'Click: alone. Alt-click: hide'],
  ['Back', "The browser's: undo a zoom, a move, a step"],
];

const LIST_KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'Choose in the list of a text box'],
  ['Enter', 'Take it; of an empty box: everything'],
  ['Esc', 'Leave the box as it was'],
];

export function Help() {
  if (!help.value) return null;
  const close = () => {
    help.value = false;
  };
  const pages = navigation.value.map((item) => [`g ${item.letter}`, item.label] as const);
  return (
    <Dialog label="Keyboard" onClose={close}>
      <div class="dialog-head">
        <h2>Keyboard and mouse</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="dialog-body keys">
        {pageKeys.value.length > 0 && (
          <Keys caption="On this page" rows={pageKeys.value.map((one) => [one.keys.join(' '), one.what] as const)} />
        )}
        <Keys
          caption="Anywhere"
          rows={[
            ...SHORTCUTS.filter(
              (one) => !pageKeys.value.some((own) => own.keys.some((key) => one.keys.includes(key))),
            ).map((one) => [one.keys.join(' '), one.what] as const),
            ['Ctrl K', 'Go anywhere, do anything'] as const,
          ]}
        />
        <Keys caption="Go to" rows={pages} />
        <Keys caption="In a chart" rows={CHART_KEYS} />
        <Keys caption="In a text box with a list" rows={LIST_KEYS} />
        <Keys caption="Mouse" rows={MOUSE} />
      </div>
    </Dialog>
  );
}

function Keys({ caption, rows }: { caption: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {rows.map(([keys, what]) => (
          <tr key={keys}>
            <th scope="row">
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
