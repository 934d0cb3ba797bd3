import { Page } from '../../app/Page';
import { nodes } from '../../state/inventory';
import { scope, scopeWhere } from '../../state/scope';
import { ContainerTable } from './ContainerTable';

/** Every container, systemd unit and slice. */
export function Containers() {
  const where = scopeWhere(scope.value);
  return (
    <Page title="Containers" scope={['cluster', 'node', 'namespace', 'workload']}>
      <ContainerTable where={where} several={(nodes.value?.length ?? 0) > 1 && scope.value.node === null} />
    </Page>
  );
}
