import type { PanelSpec } from './panel';

/** Charts about what the Kubernetes API tells. */

const UNWATCHED = 'The Kubernetes API was not watched in this range, or its kind has no such number.';

export const REPLICAS: PanelSpec = {
  id: 'replicas',
  title: 'Replicas',
  help: 'Replicas that are wanted, ready, and ready for long enough to count as available.',
  unit: 'count',
  entity: 'object',
  lines: [
    { label: 'ready', of: ['replicas_ready'], tone: 0, headline: true },
    { label: 'available', of: ['replicas_available'], tone: 2 },
    { label: 'of the newest version', of: ['replicas_updated'], tone: 3 },
    { label: 'wanted', of: ['replicas_desired'], shape: 'limit', framed: true },
  ],
  absent: UNWATCHED,
};

export const JOB_PODS: PanelSpec = {
  id: 'job-pods',
  title: 'Pods of the job',
  help: 'Pods that run, have succeeded and have failed.',
  unit: 'count',
  entity: 'object',
  lines: [
    { label: 'running', of: ['job_active'], tone: 0 },
    { label: 'succeeded', of: ['job_succeeded'], tone: 2 },
    { label: 'failed', of: ['job_failed'], tone: 1 },
    { label: 'wanted', of: ['job_completions'], shape: 'limit', framed: true },
  ],
  absent: UNWATCHED,
};

export const ENDPOINTS: PanelSpec = {
  id: 'endpoints',
  title: 'Endpoints',
  help: 'Addresses behind the service that are ready, and those that are not.',
  unit: 'count',
  entity: 'object',
  lines: [
    { label: 'ready', of: ['endpoints_ready'], shape: 'stack', tone: 0 },
    { label: 'not ready', of: ['endpoints_not_ready'], shape: 'stack', tone: 1 },
  ],
  absent: UNWATCHED,
};

const NO_SUMMARY =
  "No kubelet was asked for it in this range. The agent needs the right to read the kubelet's /stats/summary: see Sources.";

export const VOLUME_USE: PanelSpec = {
  id: 'volume-use',
  title: 'Space',
  help: 'Used and free, as the kubelet sees them.',
  unit: 'bytes',
  entity: 'volume',
  lines: [
    { label: 'used', of: ['volume_used_bytes'], statistic: 'Maximum', shape: 'stack', tone: 0 },
    { label: 'size', of: ['volume_capacity_bytes'], statistic: 'Maximum', shape: 'limit', framed: true },
  ],
  absent: NO_SUMMARY,
};

export const VOLUME_INODES: PanelSpec = {
  id: 'volume-inodes',
  title: 'Inodes',
  help: 'Inodes in use. A volume can be out of inodes while it still has space.',
  unit: 'count',
  entity: 'volume',
  lines: [
    { label: 'used', of: ['volume_inodes_used'], statistic: 'Maximum', shape: 'stack', tone: 0 },
    { label: 'there are', of: ['volume_inodes'], statistic: 'Maximum', shape: 'limit' },
  ],
  absent: NO_SUMMARY,
};
