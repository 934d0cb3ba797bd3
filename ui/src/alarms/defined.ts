import type { Definition, Labels } from '../api/alarms';

/** What a definition says that charts of entities need. Pure. */

/** A threshold that a chart of the same metric and statistic can show. */
export interface StaticThreshold {
  entity: string;
  metric: string;
  statistic: string;
  value: number;
}

/** Keys and values, which may be written as an object, or as a list in CloudWatch's way. */
function pairs(written: unknown, key: string): Labels {
  const all: (readonly [unknown, unknown])[] = Array.isArray(written)
    ? (written as Record<string, unknown>[]).map((one) => [one[key], one.Value])
    : typeof written === 'object' && written !== null
      ? Object.entries(written)
      : [];
  return Object.fromEntries(
    all.filter((pair): pair is [string, string] => typeof pair[0] === 'string' && typeof pair[1] === 'string'),
  );
}

export function dimensionsOf(definition: Definition): Labels {
  return pairs(definition.Dimensions, 'Name');
}

export function severityIn(definition: Definition): string | null {
  return pairs(definition.Tags, 'Key').severity ?? null;
}

/** The threshold of an alarm over the rows of a table. None where it moves, or is over something else. */
export function staticThreshold(definition: Definition): StaticThreshold | null {
  const { Threshold: value, Source: source } = definition;
  const rows = (source as { Rows?: Record<string, unknown> } | undefined)?.Rows;
  if (typeof value !== 'number' || !Number.isFinite(value) || rows === undefined) return null;
  const { Entity: entity, Metric: metric, Statistic: statistic = 'Average' } = rows;
  if (typeof entity !== 'string' || typeof metric !== 'string' || typeof statistic !== 'string') return null;
  return { entity, metric, statistic, value };
}
