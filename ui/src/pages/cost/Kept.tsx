import type { Cost } from '../../api/cost';
import { Meter } from '../../charts/Meter';
import { exact, format } from '../../format/number';
import { Facts } from '../parts/Facts';
import type { Full, Growth } from './kept';
import { NoFigure } from './NoFigure';
import { fullIn, growth, roughly, sums } from './kept';

const WORDS: Readonly<Record<Exclude<Full['kind'], 'in'>, string>> = {
  now: 'now: the budget is used up',
  'no-budget': 'no budget is set',
  never: 'not at this growth',
  unknown: 'not known yet',
};

/** What the store takes up, and when there is no more room. */
export function Kept({ cost, refused }: { cost: Cost | null; refused: boolean }) {
  return (
    <section class="card cost-end" aria-labelledby="kept-heading">
      <h2 id="kept-heading">Kept here</h2>
      {cost ? <Disk cost={cost} /> : <NoFigure refused={refused} />}
    </section>
  );
}

function Disk({ cost }: { cost: Cost }) {
  const { used_bytes: used, budget_bytes: budget } = cost.disk;
  const all = sums(cost.tables);
  const more = growth(cost.tables);
  const full = fullIn(used, budget, more.bytes_per_day);
  return (
    <>
      <p class="cost-sum">
        <span class="num cost-figure" title={exact('bytes', used)}>
          {format('bytes', used)}
        </span>{' '}
        <span class="muted">{budget === null ? 'on disk' : `on disk of ${format('bytes', budget)}`}</span>
      </p>
      {budget !== null && budget > 0 && <Meter share={used / budget} />}
      <Facts
        facts={[
          { name: 'Rows', value: format('count', all.rows), title: exact('count', all.rows) },
          {
            name: 'In memory',
            value: format('bytes', all.bytes_in_memory),
            title: exact('bytes', all.bytes_in_memory),
          },
          { name: 'Growth a day', value: <GrowthWords growth={more} />, title: exact('bytes', more.bytes_per_day) },
          { name: 'Disk budget full', value: full.kind === 'in' ? `in ${roughly(full.seconds)}` : WORDS[full.kind] },
        ]}
      />
    </>
  );
}

function GrowthWords({ growth: { bytes_per_day, unknown } }: { growth: Growth }) {
  if (bytes_per_day === null) return <>not known yet</>;
  return (
    <>
      {format('bytes', bytes_per_day)}
      {unknown > 0 && <span class="muted">, without {unknown === 1 ? '1 table' : `${unknown} tables`} too new</span>}
    </>
  );
}
