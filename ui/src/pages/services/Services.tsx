import { Page } from '../../app/Page';
import { scope, scopeWhere } from '../../state/scope';
import { ServiceTable } from './ServiceTable';

/** Every service. */
export function Services() {
  const { cluster, namespace } = scope.value;
  return (
    <Page title="Services" scope={['cluster', 'namespace']}>
      <ServiceTable where={scopeWhere({ cluster, namespace })} />
    </Page>
  );
}
