import { askCost } from '../../api/cost';
import type { Cost as Answer } from '../../api/cost';
import { Page } from '../../app/Page';
import { query } from '../../routes/location';
import { now } from '../../state/clock';
import { useResource } from '../../state/resource';
import { Fault } from '../parts/Empty';
import { Section } from '../parts/Section';
import { CloudWatch } from './CloudWatch';
import { Kept } from './Kept';
import { LineTable } from './LineTable';
import { NamespaceTable } from './NamespaceTable';
import { StoredTables } from './StoredTables';
import { questionOf } from './view';

/** A count of everything that is kept is not asked for with every tick. */
const EDITION_MS = 60_000;

/** What is kept and what it takes; beside it what the same would cost on CloudWatch. */
export function Cost() {
  const question = questionOf(query.value);
  const { data, problem, loading, outdated, retry } = useResource(
    JSON.stringify(question),
    Math.floor(now.value / EDITION_MS),
    (signal) => askCost(question, signal),
  );
  return (
    <Page title="Cost">
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <div class="cost-ends">
        <Kept cost={data} refused={problem !== null} />
        <CloudWatch cost={data} question={question} refused={problem !== null} outdated={outdated && loading} />
      </div>
      {(data !== null || problem === null) && <Details cost={data} dimmed={outdated && loading} />}
    </Page>
  );
}

/** Where the figures come from. */
function Details({ cost: data, dimmed }: { cost: Answer | null; dimmed: boolean }) {
  return (
    <>
      {data?.cloudwatch !== null && (
        <Section id="cloudwatch" title="On CloudWatch, line by line">
          <LineTable estimate={data?.cloudwatch ?? null} dimmed={dimmed} />
        </Section>
      )}
      <Section id="tables" title="What is kept, by table" note="rollups are with their table">
        <StoredTables tables={data?.tables ?? null} />
      </Section>
      <Section id="namespaces" title="By namespace">
        <NamespaceTable namespaces={data?.namespaces ?? null} />
      </Section>
    </>
  );
}
