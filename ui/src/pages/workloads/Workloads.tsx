import { Page } from '../../app/Page';
import { scope, scopeWhere } from '../../state/scope';
import { WorkloadTable } from './WorkloadTable';

/** Every workload. */
export function Workloads() {
  const { cluster, namespace } = scope.value;
  return (
    <Page title="Workloads" scope={['cluster', 'namespace']}>
      <WorkloadTable where={scopeWhere({ cluster, namespace })} />
    </Page>
  );
}
