import { computed } from '@preact/signals';
import { number } from '../api/row';
import { hasAlarms } from '../state/alarms';
import { nodes } from '../state/inventory';
import type { IconName } from './icons';

/** A page of the navigation. Pages to come are added here, with their route in `routes/pages.tsx`. */
export interface NavItem {
  path: string;
  label: string;
  icon: IconName;
  /** The letter after `g`. */
  letter: string;
}

const OVERVIEW: NavItem = { path: '/', label: 'Overview', icon: 'overview', letter: 'o' };
const MAP: NavItem = { path: '/map', label: 'Map', icon: 'map', letter: 'm' };
const NODES: NavItem = { path: '/nodes', label: 'Nodes', icon: 'nodes', letter: 'n' };
const PODS: NavItem = { path: '/pods', label: 'Pods', icon: 'pods', letter: 'p' };
const NAMESPACES: NavItem = { path: '/namespaces', label: 'Namespaces', icon: 'namespaces', letter: 'a' };
const WORKLOADS: NavItem = { path: '/workloads', label: 'Workloads', icon: 'workloads', letter: 'w' };
const SERVICES: NavItem = { path: '/services', label: 'Services', icon: 'services', letter: 'e' };
const VOLUMES: NavItem = { path: '/volumes', label: 'Volumes', icon: 'volumes', letter: 'v' };
const EXITS: NavItem = { path: '/exits', label: 'Exits', icon: 'exits', letter: 'x' };
const CONTAINERS: NavItem = { path: '/containers', label: 'Containers', icon: 'containers', letter: 'c' };
const ALARMS: NavItem = { path: '/alarms', label: 'Alarms', icon: 'alarms', letter: 'r' };
const LOGS: NavItem = { path: '/logs', label: 'Logs', icon: 'logs', letter: 'l' };
const COST: NavItem = { path: '/cost', label: 'Cost', icon: 'cost', letter: 'b' };
const SOURCES: NavItem = { path: '/sources', label: 'Sources', icon: 'sources', letter: 's' };

const STATUS: NavItem = { path: '/status', label: 'Status', icon: 'status', letter: 'y' };

/** True when any node runs pods: a plain machine is not shown what it cannot have. */
export const hasPods = computed(() => (nodes.value ?? []).some((node) => (number(node, 'pods_running') ?? 0) > 0));

export const navigation = computed<readonly NavItem[]>(() => [
  OVERVIEW,
  ...(hasAlarms.value ? [ALARMS] : []),
  ...(hasPods.value ? [MAP] : []),
  NODES,
  ...(hasPods.value ? [NAMESPACES, WORKLOADS, PODS] : []),
  CONTAINERS,
  ...(hasPods.value ? [EXITS, SERVICES, VOLUMES] : []),
  LOGS,
  COST,
  SOURCES,
  STATUS,
]);
