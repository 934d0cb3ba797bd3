import { Page } from '../../app/Page';
import { scope, scopeWhere } from '../../state/scope';
import { VolumeTable } from './VolumeTable';

/** Every claim for a volume. */
export function Volumes() {
  const { cluster, namespace } = scope.value;
  return (
    <Page title="Volumes" scope={['cluster', 'namespace']}>
      <VolumeTable where={scopeWhere({ cluster, namespace })} />
    </Page>
  );
}
