import type { Agent } from '../../api/sources';
import { Icon } from '../../app/icons';

interface Summary {
  name: string;
  meaning: string;
  /** Nodes that lack it. */
  without: string[];
  of: number;
}

/** Features that every kernel here has, and those that some lack, with what is dark without them. */
export function Features({ agents }: { agents: readonly Agent[] }) {
  const all = summarize(agents);
  if (all.length === 0) return null;
  return (
    <ul class="features" aria-label="Kernel features">
      {all.map(({ name, meaning, without, of }) => (
        <li key={name}>
          <span class={`status ${without.length === 0 ? 'good' : 'none'}`}>
            <Icon name={without.length === 0 ? 'ok' : 'absent'} />
            {name}
          </span>
          {without.length > 0 && (
            <span class="muted">
              {without.length < of ? `missing on ${without.join(', ')}: ` : 'missing: '}
              {meaning}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function summarize(agents: readonly Agent[]): Summary[] {
  const found = new Map<string, Summary>();
  for (const agent of agents) {
    for (const feature of agent.features) {
      const held = found.get(feature.name) ?? { name: feature.name, meaning: feature.meaning, without: [], of: 0 };
      held.of += 1;
      if (!feature.present) held.without.push(agent.node);
      found.set(feature.name, held);
    }
  }
  return [...found.values()].sort((a, b) => b.without.length - a.without.length);
}
