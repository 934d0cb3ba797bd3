import { verdictWords } from '../../api/verdicts';
import { Icon } from '../../app/icons';
import { format } from '../../format/number';
import { link } from '../../routes/links';
import { SEVERITY_MARKS } from '../parts/VerdictMark';
import type { PodWord } from './podWords';

/** How many pods have which verdict; each leads to these pods. */
export function PodsByVerdict({ cluster, words }: { cluster: string; words: readonly PodWord[] }) {
  if (words.length === 0) return null;
  return (
    <div>
      <dt>Pods by health</dt>
      <dd class="num">
        {words.map(({ word, severity, count }) => {
          const [tone, icon] = SEVERITY_MARKS[severity];
          const mark = (
            <>
              <Icon name={icon} />
              {format('count', count)} {verdictWords(word)}
            </>
          );
          return severity === 'ok' ? (
            <span key={word} class={`status ${tone}`}>
              {mark}
            </span>
          ) : (
            <a key={word} class={`status ${tone}`} href={link('/pods', { cluster, q: `health:${word}` })}>
              {mark}
            </a>
          );
        })}
      </dd>
    </div>
  );
}
