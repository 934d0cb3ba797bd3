/** Things of the invented world. For work on the page only. */

export type Names = Record<string, string | null>;

export interface Thing {
  type: string;
  names: Names;
  attributes: Record<string, string | number | boolean>;
  /** Gauges and constants at a moment. */
  gauges: (seconds: number) => Record<string, number>;
  /** Rates per second at a moment, of delta columns. */
  rates: (seconds: number) => Record<string, number>;
  /** Rows between two moments are missing, in seconds before now. */
  gap?: readonly [number, number];
  /** What the Kubernetes API says a pod is called and belongs to. */
  known?: { workload_kind: string; workload: string; services: readonly string[]; labels: Record<string, string> };
  health?: 'live' | 'stale' | 'gone';
}
