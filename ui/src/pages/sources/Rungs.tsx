import type { NextRung, Rung } from '../../api/sources';
import { copy } from '../../app/announce';
import { Icon } from '../../app/icons';
import { nodeLink } from '../../routes/links';
import { Section } from '../parts/Section';
import { readersWords, rungGroups } from './rungs';
import type { RungGroup } from './rungs';

/** What is measured with the rights that were given, and what more of them would add. Nothing where nobody tells. */
export function Rungs({ rungs }: { rungs: readonly Rung[] }) {
  const groups = rungGroups(rungs);
  if (groups.length === 0) return null;
  const several = new Set(rungs.map(({ cluster }) => cluster)).size > 1;
  return (
    <Section id="rights" title="Rights" note="what is measured with those that were given, and what more would add">
      <div class="rungs">
        {groups.map((group) => (
          <Card key={group.key} group={group} several={several} />
        ))}
      </div>
    </Section>
  );
}

function Card({ group, several }: { group: RungGroup; several: boolean }) {
  const { in_force: name, title, has, next } = group;
  return (
    <article class="card rung" aria-label={`Rights ${name}: ${readersWords(group, several)}`}>
      <header>
        <h3>{name}</h3>
        <Readers group={group} several={several} />
      </header>
      <p>{title}</p>
      {has.length > 0 && (
        <ul class="rung-list" aria-label="Measured">
          {has.map((one) => (
            <li key={one}>
              <span class="status good">
                <Icon name="ok" />
              </span>
              {one}
            </li>
          ))}
        </ul>
      )}
      {next ? <Next next={next} /> : <p class="muted">There are no further rights that would add anything.</p>}
    </article>
  );
}

/** How many have them; which, on demand. */
function Readers({ group, several }: { group: RungGroup; several: boolean }) {
  const words = readersWords(group, several);
  const nodes = group.readers.flatMap(({ cluster, nodes: names }) => names.map((node) => ({ cluster, node })));
  if (nodes.length === 0) return <span class="muted">{words}</span>;
  return (
    <details>
      <summary class="num">{words}</summary>
      <p class="rung-nodes">
        {nodes.map(({ cluster, node }) => (
          <a key={`${cluster} ${node}`} href={nodeLink({ cluster, node })}>
            {node}
          </a>
        ))}
      </p>
    </details>
  );
}

function Next({ next: { rung, adds, needs, how } }: { next: NextRung }) {
  return (
    <div class="rung-next">
      <h4>
        With the rights <b>{rung}</b> also
      </h4>
      <ul class="rung-list">
        {adds.map((one) => (
          <li key={one}>
            <span class="status none">
              <Icon name="plus" />
            </span>
            {one}
          </li>
        ))}
      </ul>
      <p>
        <span class="muted">Needs:</span> {needs}
      </p>
      <div class="rung-how">
        <pre class="mono" tabIndex={0} role="group" aria-label={`Command for the rights ${rung}`}>
          {how}
        </pre>
        <button type="button" onClick={() => void copy(how, 'Command')}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
    </div>
  );
}
