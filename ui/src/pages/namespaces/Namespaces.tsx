import { Page } from '../../app/Page';
import { scope, scopeWhere } from '../../state/scope';
import { NamespaceTable } from './NamespaceTable';

/** Every namespace. */
export function Namespaces() {
  return (
    <Page title="Namespaces" scope={['cluster']}>
      <NamespaceTable where={scopeWhere({ cluster: scope.value.cluster })} />
    </Page>
  );
}
