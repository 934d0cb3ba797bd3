import { Page } from '../../app/Page';
import { scope, scopeWhere } from '../../state/scope';
import { ExitTable } from './ExitTable';

/** Every container and pod that ended in the range. */
export function Exits() {
  return (
    <Page title="Exits" scope={['cluster', 'node', 'namespace', 'workload']}>
      <ExitTable where={scopeWhere(scope.value)} several />
    </Page>
  );
}
