import { askSilences, endSilence } from '../../../api/alarms';
import type { AlarmSummary, Silence } from '../../../api/alarms';
import { heldBy, scopeWords, weeklyWords } from '../../../alarms/silence';
import { Icon } from '../../../app/icons';
import { query, setQuery } from '../../../routes/location';
import { now } from '../../../state/clock';
import { useResource } from '../../../state/resource';
import type { Column } from '../../../tables/column';
import { parseMoment } from '../../../format/time';
import { Listed } from '../../parts/Listed';
import { Refused } from '../Refused';
import { Moment } from '../StateMark';
import { useAction } from '../useAction';
import { SilenceForm } from './SilenceForm';

/** What holds notifications, and until when. */
export function SilencesTab({ alarms }: { alarms: readonly AlarmSummary[] }) {
  const { data, problem, retry } = useResource('silences', now.value, askSilences);
  const action = useAction();
  const making = query.value.get('new') !== null;
  const close = () => setQuery({ new: null, alarm: null, labels: null }, { replace: true });
  const end = (silence: Silence) =>
    void action.run(() => endSilence(silence.id), 'The silence ended.').then((done) => done && retry());
  return (
    <>
      <p class="muted">
        A silence holds notifications. Alarms go on being evaluated, and their states and history go on.
      </p>
      {making ? (
        <SilenceForm
          key={`${query.value.get('alarm') ?? ''} ${query.value.get('labels') ?? ''}`}
          alarms={alarms}
          alarm={query.value.get('alarm') ?? ''}
          labels={(query.value.get('labels') ?? '').replaceAll(',', ', ')}
          onClose={close}
          onMade={() => {
            close();
            retry();
          }}
        />
      ) : (
        <p>
          <button type="button" class="primary" onClick={() => setQuery({ new: '1' }, { replace: true })}>
            <Icon name="plus" />
            New silence
          </button>
        </p>
      )}
      <Refused problem={action.problem} />
      <Listed
        noun="silences"
        columns={columns(alarms, end, action.busy)}
        rows={data}
        rowKey={(it) => it.id}
        fields={(it) => ({ texts: { of: scopeWords(it), comment: it.comment, author: it.author }, numbers: {} })}
        hint="Filter: alarm, label, comment …"
        sort={{ id: 'state', descending: false }}
        problem={problem}
        onRetry={retry}
        empty="Nothing is silenced."
      />
    </>
  );
}

function columns(alarms: readonly AlarmSummary[], end: (silence: Silence) => void, busy: boolean): Column<Silence>[] {
  return [
    { id: 'of', header: 'Silences', value: scopeWords, cell: scopeWords, class: 'prose' },
    {
      id: 'state',
      header: 'Now',
      value: (it) => (it.active ? 0 : 1),
      cell: (it) => (
        <span class={`status ${it.active ? 'warn' : 'none'}`}>
          <Icon name={it.active ? 'silence' : 'clock'} />
          {it.active ? 'holds' : over(it) ? 'ended' : 'does not hold now'}
        </span>
      ),
    },
    {
      id: 'held',
      header: 'Alarms',
      help: 'Alarms whose name and tags fit; those in alarm among them',
      end: true,
      value: (it) => heldBy(it, alarms).length,
      cell: (it) => {
        const held = heldBy(it, alarms);
        const firing = held.filter(({ state }) => state === 'ALARM').length;
        return (
          <span class="num">
            {held.length}
            {firing > 0 && <span class="muted"> ({firing} in alarm)</span>}
          </span>
        );
      },
    },
    {
      id: 'ends',
      header: 'Ends',
      value: (it) => parseMoment(it.ends ?? ''),
      cell: (it) => (it.weekly ? weeklyWords(it.weekly) : it.ends === null ? 'never' : <Moment at={it.ends} />),
      class: 'wrap',
    },
    {
      id: 'comment',
      header: 'Why',
      class: 'prose',
      value: (it) => it.comment,
      cell: (it) => (
        <>
          {it.comment} <span class="muted">{it.author ?? (it.origin === 'file' ? 'file' : '')}</span>
        </>
      ),
    },
    {
      id: 'end',
      header: 'End it',
      value: () => null,
      cell: (it) =>
        it.origin === 'file' ? (
          <span class="muted" title="It stands in the file of alarms; take it out there">
            in the file
          </span>
        ) : over(it) ? (
          <span class="muted">–</span>
        ) : (
          <button
            type="button"
            disabled={busy}
            aria-label={`End the silence of ${scopeWords(it)}`}
            onClick={() => end(it)}
          >
            End
          </button>
        ),
    },
  ];
}

function over(silence: Silence): boolean {
  const ends = parseMoment(silence.ends ?? '');
  return ends !== null && ends <= now.value;
}
