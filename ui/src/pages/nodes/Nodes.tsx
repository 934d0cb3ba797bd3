import { Page } from '../../app/Page';
import { scope } from '../../state/scope';
import { NodeTable } from './NodeTable';

/** Every node. */
export function Nodes() {
  return (
    <Page title="Nodes" scope={['cluster']}>
      <NodeTable cluster={scope.value.cluster} />
    </Page>
  );
}
