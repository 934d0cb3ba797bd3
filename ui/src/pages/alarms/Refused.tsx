import type { Problem } from '../../api/problem';
import { Icon } from '../../app/icons';

/** Why the server did not do what was asked, key by key where it says so. */
export function Refused({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  return (
    <div class="banner bad" role="alert">
      <Icon name="warn" />
      <div>
        <b>{problem.title}.</b> {problem.detail}
        {problem.faults.length > 0 && (
          <ul>
            {problem.faults.map((fault) => (
              <li key={`${fault.key} ${fault.message}`}>
                <code>{fault.key}</code> {fault.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
