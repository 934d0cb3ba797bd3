import type { Entity } from '../../api/row';
import { Icon } from '../../app/icons';
import { dateTime, duration } from '../../format/time';
import { stepsOf } from '../../state/podParts';
import type { PodContainer } from '../../state/podParts';
import { zone } from '../../state/zone';
import { Section } from '../parts/Section';

/** When a pod was made, given a node, started and became ready, with the time between. */
export function Life({ pod, containers }: { pod: Entity; containers: readonly PodContainer[] }) {
  const steps = stepsOf(pod, containers);
  if (steps.length === 0) return null;
  return (
    <Section id="life" title="Its life so far" note="as the Kubernetes API tells it">
      <ol class="card timeline">
        {steps.map((step, index) => {
          const before = steps[index - 1];
          return (
            <li key={`${step.time} ${step.what}`}>
              <time class="num" title={dateTime(step.time, zone.value)}>
                {dateTime(step.time, zone.value).slice(11)}
              </time>
              <span class="after num">
                {before
                  ? `+ ${duration((step.time - before.time) / 1000)}`
                  : dateTime(step.time, zone.value).slice(0, 10)}
              </span>
              <span class={step.bad === true ? 'status warn' : ''}>
                {step.bad === true && <Icon name="warn" />}
                {step.what}
              </span>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
