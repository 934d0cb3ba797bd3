import { askReceivers, testReceiver } from '../../../api/alarms';
import type { Receiver, TestAnswer } from '../../../api/alarms';
import { asProblem } from '../../../api/problem';
import { Icon } from '../../../app/icons';
import { format } from '../../../format/number';
import { parseMoment } from '../../../format/time';
import { now } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import { DataTable } from '../../../tables/DataTable';
import type { Column } from '../../../tables/column';
import { useSort } from '../../../tables/useSort';
import { Fault } from '../../parts/Empty';
import { Section } from '../../parts/Section';
import { Moment } from '../StateMark';
import { DeliveryTable } from './DeliveryTable';
import { useState } from 'preact/hooks';

/** Who is told, and what became of each notification. */
export function ReceiversTab() {
  return (
    <>
      <Section id="receivers" title="Receivers" note="They stand in the file of alarms; secrets are never shown.">
        <ReceiverTable />
      </Section>
      <Section id="deliveries" title="Deliveries">
        <DeliveryTable />
      </Section>
    </>
  );
}

type Tested = 'testing' | TestAnswer;

function ReceiverTable() {
  const { data, problem, retry } = useResource('receivers', now.value, askReceivers);
  const [tested, setTested] = useState<Readonly<Record<string, Tested>>>({});
  const note = (name: string, what: Tested) => setTested((before) => ({ ...before, [name]: what }));
  const test = (name: string) => {
    note(name, 'testing');
    testReceiver(name).then(
      (answer) => note(name, answer),
      (thrown: unknown) => note(name, { delivered: false, answer: asProblem(thrown).detail, milliseconds: 0 }),
    );
  };
  const shown = columns(tested, test);
  const { sort, onSort } = useSort(shown, { id: 'name', descending: false }, 'receivers');
  return (
    <>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <DataTable
        caption="Receivers"
        columns={shown}
        rows={data ?? []}
        rowKey={(it) => it.name}
        sort={sort}
        onSort={onSort}
        empty={
          data === null ? (
            <span class="loading-note">Loading…</span>
          ) : (
            'Nobody is told: no receiver is named. Add a [[receiver]] to the file of alarms.'
          )
        }
      />
    </>
  );
}

function columns(tested: Readonly<Record<string, Tested>>, test: (name: string) => void): Column<Receiver>[] {
  return [
    {
      id: 'name',
      header: 'Receiver',
      value: (it) => it.name,
      cell: (it) => (
        <span class="cell-name">
          {it.name}
          <small>{it.arns.join(', ')}</small>
        </span>
      ),
    },
    { id: 'type', header: 'Kind', value: (it) => it.type, cell: (it) => it.type },
    { id: 'target', header: 'Target', value: (it) => it.target, cell: (it) => <span class="mono">{it.target}</span> },
    {
      id: 'test',
      header: 'Test',
      value: () => null,
      class: 'wrap',
      cell: (it) => <Test name={it.name} state={tested[it.name]} onTest={() => test(it.name)} />,
    },
    number('waiting', 'Waiting', (it) => it.waiting),
    number('delivered', 'Delivered', (it) => it.delivered),
    number('failed', 'Failed', (it) => it.failed),
    {
      id: 'last',
      header: 'Last delivered',
      value: (it) => parseMoment(it.last_delivered ?? ''),
      cell: (it) => <Moment at={it.last_delivered} />,
    },
    {
      id: 'error',
      header: 'Last error',
      class: 'wrap',
      optional: true,
      value: (it) => it.last_error,
      cell: (it) =>
        it.last_error === null ? <span class="muted">none</span> : <span class="status-text bad">{it.last_error}</span>,
    },
  ];
}

function Test({ name, state, onTest }: { name: string; state: Tested | undefined; onTest: () => void }) {
  return (
    <span class="receiver-test">
      <button type="button" disabled={state === 'testing'} aria-label={`Test ${name}`} onClick={onTest}>
        Test
      </button>
      <span role="status">
        {state === 'testing' && <span class="muted">asking…</span>}
        {state !== undefined && state !== 'testing' && (
          <span class={`status ${state.delivered ? 'good' : 'bad'}`}>
            <Icon name={state.delivered ? 'ok' : 'bad'} />
            {state.delivered ? 'delivered' : 'failed'}: {state.answer}, {state.milliseconds} ms
          </span>
        )}
      </span>
    </span>
  );
}

function number(id: string, header: string, of: (it: Receiver) => number): Column<Receiver> {
  return {
    id,
    header,
    end: true,
    value: of,
    cell: (it) => <span class={of(it) === 0 ? 'muted' : ''}>{format('count', of(it))}</span>,
  };
}
