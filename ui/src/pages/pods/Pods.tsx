import { Page } from '../../app/Page';
import { nodes } from '../../state/inventory';
import { scope, scopeWhere } from '../../state/scope';
import { PodTable } from './PodTable';

/** Every pod, as its node sees it, and those that no node has yet. */
export function Pods() {
  return (
    <Page title="Pods" scope={['cluster', 'node', 'namespace', 'workload']}>
      <PodTable where={scopeWhere(scope.value)} several={(nodes.value?.length ?? 0) > 1 && scope.value.node === null} />
    </Page>
  );
}
