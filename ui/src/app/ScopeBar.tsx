import { useState } from 'preact/hooks';
import { PRESENT } from '../api/entities';
import { text } from '../api/row';
import type { Entity } from '../api/row';
import { setQuery } from '../routes/location';
import { nodes, useListing } from '../state/inventory';
import { scope } from '../state/scope';
import { Combobox } from './Combobox';
import type { Choice } from './Combobox';
import { hasPods } from './nav';

export type ScopeField = 'cluster' | 'node' | 'namespace' | 'workload';

const LABELS: Readonly<Record<ScopeField, string>> = {
  cluster: 'All clusters',
  node: 'All nodes',
  namespace: 'All namespaces',
  workload: 'All workloads',
};

const NAMES_ONLY = { columns: [], health: PRESENT };

/** What the page is narrowed to. A field with nothing to choose from is left out. */
export function ScopeBar({ fields }: { fields: readonly ScopeField[] }) {
  const [wanted, setWanted] = useState(false);
  const pods = useListing('pod', wanted && hasPods.value ? NAMES_ONLY : null);
  const here = scope.value;
  const known = nodes.value ?? [];
  const inCluster = known.filter((node) => here.cluster === null || text(node, 'cluster') === here.cluster);
  const choices: Readonly<Record<ScopeField, Choice[]>> = {
    cluster: distinct(known, 'cluster'),
    node: inCluster.map((node) => ({
      value: text(node, 'node') ?? '',
      ...(node.health.state === 'live' ? {} : { note: node.health.state }),
    })),
    namespace: distinct(
      (pods.data?.entities ?? []).filter((pod) => here.node === null || text(pod, 'node') === here.node),
      'namespace',
    ),
    workload: workloadsOf(
      (pods.data?.entities ?? []).filter(
        (pod) =>
          (here.node === null || text(pod, 'node') === here.node) &&
          (here.namespace === null || text(pod, 'namespace') === here.namespace),
      ),
    ),
  };
  const useful = (field: ScopeField) =>
    here[field] !== null || (field === 'namespace' || field === 'workload' ? hasPods.value : choices[field].length > 1);
  return (
    <>
      {fields.filter(useful).map((field) => (
        <Combobox
          key={field}
          label={LABELS[field]}
          value={here[field]}
          choices={choices[field]}
          onOpen={() => setWanted(true)}
          onChange={(value) =>
            setQuery({
              [field]: value,
              ...(field === 'cluster' ? { node: null, namespace: null, workload: null } : {}),
              ...(field === 'namespace' ? { workload: null } : {}),
            })
          }
        />
      ))}
    </>
  );
}

function distinct(entities: readonly Entity[], column: string): Choice[] {
  const names = new Set(entities.map((entity) => text(entity, column)).filter((name) => name !== null));
  return [...names].sort().map((value) => ({ value }));
}

/** Workloads with their kinds, by name; where they are as a note. */
function workloadsOf(pods: readonly Entity[]): Choice[] {
  const found = new Map<string, Set<string>>();
  for (const pod of pods) {
    const { workload_kind: kind, workload } = pod.known_as ?? {};
    if (kind === undefined || workload === undefined) continue;
    const key = `${kind}/${workload}`;
    found.set(key, (found.get(key) ?? new Set()).add(text(pod, 'namespace') ?? ''));
  }
  return [...found]
    .map(([value, places]) => ({ value, note: places.size > 2 ? `${places.size} namespaces` : [...places].join(', ') }))
    .sort((a, b) => nameIn(a.value).localeCompare(nameIn(b.value)));
}

function nameIn(workload: string): string {
  return workload.slice(workload.indexOf('/') + 1);
}
