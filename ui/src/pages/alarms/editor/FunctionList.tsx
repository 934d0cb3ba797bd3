import { FUNCTIONS } from '../../../alarms/functions';

/** Every function of expressions, to be looked up. */
export function FunctionList() {
  return (
    <details class="functions">
      <summary>Functions and operators</summary>
      <p class="muted">
        In the order in which they bind, loosest first: <code>OR ||</code>, <code>AND &&</code>, <code>== !=</code>,{' '}
        <code>{'< > <= >='}</code>, <code>+ -</code>, <code>* /</code>, <code>^</code>. Several series stand in
        brackets: <code>MAX([m1, m2])</code>.
      </p>
      <div class="function-list" tabIndex={0} role="region" aria-label="Functions">
        <dl>
          {FUNCTIONS.map(({ name, takes, does }) => (
            <div key={name}>
              <dt>
                <code>
                  {name}({takes})
                </code>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  );
}
