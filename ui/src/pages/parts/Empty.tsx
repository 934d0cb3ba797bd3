import type { ComponentChildren } from 'preact';
import type { Problem } from '../../api/problem';
import { Icon } from '../../app/icons';

/** Says why there is nothing, and what to do. */
export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="card empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What the server said when it refused; with old data, that they are old. */
export function Fault({ problem, stale, onRetry }: { problem: Problem; stale: boolean; onRetry: () => void }) {
  return (
    <div class="banner bad" role="alert">
      <Icon name="warn" />
      <span>
        <b>{problem.title}.</b> {problem.detail}
        {stale && ' What is shown is older.'} <span class="muted">({problem.code})</span>
      </span>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
