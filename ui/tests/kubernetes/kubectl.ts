import { execFileSync } from 'node:child_process';

interface Quantities {
  cpu?: string;
  memory?: string;
}

export interface Container {
  name: string;
  resources?: { requests?: Quantities; limits?: Quantities };
}

export interface Pod {
  metadata: { name: string; namespace: string; uid: string };
  spec: { nodeName?: string; containers: Container[] };
  status: {
    phase: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { name: string; restartCount: number }[];
  };
}

export interface Node_ {
  metadata: { name: string };
  status: { conditions: { type: string; status: string }[] };
}

export interface Deployment {
  metadata: { name: string; namespace: string };
  spec: { replicas: number };
  status: { readyReplicas?: number };
}

/** What kubectl lists, in all namespaces. */
export function list<T>(resource: 'pods' | 'nodes' | 'deployments'): T[] {
  const text = execFileSync('kubectl', ['get', resource, '-A', '-o', 'json'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return (JSON.parse(text) as { items: T[] }).items;
}

export const isReady = (it: Pod | Node_) =>
  it.status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** `20m` and `32Mi` as numbers. */
export function quantity(text: string): number {
  const [, digits = '', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = unit === '' ? 1 : UNITS[unit];
  if (digits === '' || factor === undefined) throw new Error(`kubectl says ${text}`);
  return Number(digits) * factor;
}
