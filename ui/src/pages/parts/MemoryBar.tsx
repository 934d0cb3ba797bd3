import { number } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import { memoryLimit, memoryUsed } from '../../measures/cgroup';
import { MEMORY_PARTS, memorySplit, reclaimable, unreclaimable } from '../../measures/memory';
import { colour, faded } from '../../theme/palette';
import { theme } from '../../theme/theme';

/** Memory at present: what it consists of, how much of it can be reclaimed, how much is left below the limit. */
export function MemoryBar({ entity }: { entity: Entity }) {
  const split = memorySplit(entity);
  const usage = number(entity, 'memory_usage_bytes');
  if (!split || usage === null) return null;
  const limit = memoryLimit(entity);
  const working = memoryUsed(entity);
  const whole = Math.max(limit ?? 0, usage, 1);
  const width = (bytes: number) => `${((bytes / whole) * 100).toFixed(2)}%`;
  const shade = (tone: number) => colour(theme.value, tone);
  return (
    <section class="card memory-now" aria-labelledby="memory-now">
      <h2 id="memory-now">Memory now</h2>
      <p class="memory-words num">
        <b>{format('bytes', unreclaimable(split))}</b> stay, <b>{format('bytes', reclaimable(split))}</b> can be
        reclaimed{' '}
        <span class="muted">
          {limit === null
            ? '· no limit of its own'
            : `· ${format('bytes', Math.max(0, limit - usage))} free below the limit of ${format('bytes', limit)}`}
        </span>
      </p>
      <div class="memory-bar" aria-hidden="true">
        {MEMORY_PARTS.map(({ id, tone, reclaimable: pale }) => (
          <span
            key={id}
            class={pale ? 'memory-pale' : ''}
            style={
              pale
                ? { width: width(split[id]), '--shade': shade(tone), backgroundColor: faded(shade(tone), 0.14) }
                : { width: width(split[id]), backgroundColor: shade(tone) }
            }
          />
        ))}
        {working !== null && working < whole && <i style={{ left: width(working) }} />}
      </div>
      <dl class="memory-parts">
        {MEMORY_PARTS.map(({ id, label, help, tone, reclaimable: pale }) => (
          <div key={id} title={`${help} ${exact('bytes', split[id])}.`}>
            <dt>
              <span
                class={`memory-key ${pale ? 'memory-pale' : ''}`}
                aria-hidden="true"
                style={
                  pale
                    ? { '--shade': shade(tone), backgroundColor: faded(shade(tone), 0.14) }
                    : { backgroundColor: shade(tone) }
                }
              />
              {label}
            </dt>
            <dd class="num">{format('bytes', split[id])}</dd>
          </div>
        ))}
        <div title={`Usage less inactive file: what eviction and most tools look at. ${exact('bytes', working)}.`}>
          <dt>
            <span class="memory-key memory-line" aria-hidden="true" />
            working set <span class="muted">(usage less inactive file; what eviction looks at)</span>
          </dt>
          <dd class="num">{format('bytes', working)}</dd>
        </div>
        <div title={`All of the above parts, as the kernel charges them. ${exact('bytes', usage)}.`}>
          <dt>usage, in all</dt>
          <dd class="num">{format('bytes', usage)}</dd>
        </div>
      </dl>
    </section>
  );
}
