import { Page } from '../../app/Page';
import { nodes } from '../../state/inventory';
import { scope } from '../../state/scope';
import { ContainerTable } from './ContainerTable';

/** Every container, systemd unit and slice. */
export function Containers() {
  const where = Object.fromEntries(Object.entries(scope.value).filter((entry): entry is [string, string] => entry[1] !== null));
  return (
    <Page title="Containers" scope={['cluster', 'node', 'namespace']}>
      <ContainerTable where={where} several={(nodes.value?.length ?? 0) > 1 && scope.value.node === null} />
    </Page>
  );
}
