import { ask } from './http';

/** The two ways in which Container Insights is charged. */
export type Mode = 'standard' | 'enhanced';

/** What the store holds of a table, in all of its tiers. */
export interface StoredTable {
  table: string;
  rows: number;
  bytes_on_disk: number;
  bytes_in_memory: number;
  files: number;
  oldest: string | null;
  newest: string | null;
  /** `null` keeps for ever. */
  retention_seconds: number | null;
  /** `null` until it has been watched long enough. */
  growth_bytes_per_day: number | null;
}

/** What the store holds of a namespace; `null` names what belongs to none: hosts, the cluster. */
export interface StoredNamespace {
  namespace: string | null;
  log_rows: number;
  log_bytes_in: number;
  log_bytes_on_disk: number;
  log_growth_bytes_per_day: number | null;
  metric_rows: number;
  retention_seconds: number | null;
}

/** The part of a quantity that has one price. */
export interface TierPart {
  from: number;
  up_to: number | null;
  quantity: number;
  unit_price_usd: number;
  usd_month: number;
  confirmed: boolean;
}

/** Something that CloudWatch charges for. */
export interface CostLine {
  item: string;
  /** The key of the price in the table of prices. */
  price: string;
  quantity: number;
  unit: string;
  /** `null` where the quantity has several prices, which `tiers` holds. */
  unit_price_usd: number | null;
  tiers: TierPart[];
  usd_month: number;
  assumption: string;
  confirmed: boolean;
}

/** What a month of the same telemetry would cost at list price. */
export interface Estimate {
  currency: string;
  region: string;
  /** The date of the prices. */
  as_of: string;
  mode: Mode;
  window_hours: number;
  month_hours: number;
  lines: CostLine[];
  total_usd_month: number;
  free_tier_usd: number;
  /** Regions that there are prices of. */
  regions: { id: string; name: string }[];
}

/** What is kept, and what it would cost elsewhere. */
export interface Cost {
  time: string;
  /** Hours that have rows, of those asked for. */
  window_hours: number;
  tables: StoredTable[];
  namespaces: StoredNamespace[];
  disk: { used_bytes: number; budget_bytes: number | null };
  /** Null while there are no rows to reckon with. */
  cloudwatch: Estimate | null;
}

export interface CostQuestion {
  hours: number;
  region: string;
  mode: Mode;
}

export async function askCost({ hours, region, mode }: CostQuestion, signal?: AbortSignal): Promise<Cost> {
  const params = new URLSearchParams({ hours: String(hours), region, mode });
  return (await ask(`/api/cost?${params.toString()}`, { signal })) as Cost;
}
