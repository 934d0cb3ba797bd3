import type { ComponentChildren } from 'preact';
import { PRESENT } from '../../api/entities';
import { text } from '../../api/row';
import type { Entity } from '../../api/row';
import { askMetrics } from '../../api/metrics';
import type { MetricAnswer, MetricQuestion } from '../../api/metrics';
import { Meter } from '../../charts/Meter';
import { extremes } from '../../charts/model';
import { Sparkline } from '../../charts/Sparkline';
import { exact, format } from '../../format/number';
import type { Unit } from '../../format/number';
import * as measure from '../../measures/node';
import { diskBusy, filesystemShare } from '../../measures/parts';
import { span } from '../../state/clock';
import { useListing } from '../../state/inventory';
import { useResource } from '../../state/resource';
import { asFilters } from '../nodes/NodeDetail';

const METRICS = [
  'cpu_usage_usec_per_second', 'node_memory_total_bytes', 'memory_free_bytes', 'memory_buffers_bytes', 'memory_cached_bytes', 'memory_slab_reclaimable_bytes', 'memory_shmem_bytes',
  'network_rx_bytes_per_second', 'network_tx_bytes_per_second', 'io_read_bytes_per_second', 'io_write_bytes_per_second', 'cpu_pressure_some_usec_per_second',
] as const;

type Values = readonly (number | null)[];

/** The figures that one looks at first, now and over the range. Several nodes are added up. */
export function Tiles({ nodes, where }: { nodes: readonly Entity[]; where: Readonly<Record<string, string>> }) {
  const trend = useTotals(where);
  const disks = useListing('node_disk', { where, health: PRESENT });
  const filesystems = useListing('node_filesystem', { where, health: PRESENT });
  const sum = (of: (node: Entity) => number | null) => total(nodes.map(of));

  const cpu = sum(measure.cpuUsed);
  const cores = sum(measure.cpuCores);
  const used = sum(measure.memoryUsed);
  const cache = sum(measure.memoryCache);
  const memory = sum(measure.memoryTotal);
  const busiest = most(disks.data?.entities ?? [], diskBusy);
  const fullest = most(filesystems.data?.entities ?? [], filesystemShare);
  const pressures = nodes.map((node) => ({ node, most: measure.pressure(node) })).filter((one) => one.most !== null);
  const hardest = pressures.reduce<(typeof pressures)[number] | null>((a, b) => (a === null || (b.most?.share ?? 0) > (a.most?.share ?? 0) ? b : a), null);
  const several = nodes.length > 1;
  const onNode = (entity: Entity | null) => (several && entity ? ` on ${entity.node ?? ''}` : '');

  return (
    <section class="tiles" aria-label="Now">
      <Tile title="CPU" value={percent(cpu, cores)} exactly={exact('cores', cpu)} trend={trend('cpu_usage_usec_per_second', 1e-6)} top={cores} note={`${format('cores', cpu)} of ${format('count', cores)} processors`} range={trend('cpu_usage_usec_per_second', 1e-6)} unit="cores">
        <Meter share={share(cpu, cores)} />
      </Tile>
      <Tile title="Memory" value={percent(used, memory)} exactly={exact('bytes', used)} trend={usedTrend(trend)} top={memory} note={`${format('bytes', used)} of ${format('bytes', memory)} · cache ${format('bytes', cache)}`} range={usedTrend(trend)} unit="bytes">
        <Meter share={share(used, memory)} quiet={share(cache, memory)} />
      </Tile>
      <Tile title="Network" value={format('bytes_per_second', total([sum(measure.received), sum(measure.sent)]))} exactly={exact('bytes_per_second', total([sum(measure.received), sum(measure.sent)]))} trend={added(trend('network_rx_bytes_per_second'), trend('network_tx_bytes_per_second'))} note={`in ${format('bytes_per_second', sum(measure.received))} · out ${format('bytes_per_second', sum(measure.sent))}`} range={added(trend('network_rx_bytes_per_second'), trend('network_tx_bytes_per_second'))} unit="bytes_per_second" />
      <Tile title="Disk traffic" value={format('bytes_per_second', total([sum(measure.read), sum(measure.written)]))} exactly={exact('bytes_per_second', total([sum(measure.read), sum(measure.written)]))} trend={added(trend('io_read_bytes_per_second'), trend('io_write_bytes_per_second'))} note={busiest ? `${text(busiest.entity, 'device') ?? 'disk'} busy ${format('percent', busiest.value * 100)}${onNode(busiest.entity)}` : 'no block device'} range={added(trend('io_read_bytes_per_second'), trend('io_write_bytes_per_second'))} unit="bytes_per_second" />
      <Tile title="Fullest file system" value={fullest ? format('percent', fullest.value * 100) : '–'} exactly={exact('percent', fullest && fullest.value * 100)} note={fullest ? `${text(fullest.entity, 'mountpoint') ?? ''}${onNode(fullest.entity)}` : 'none has rows'}>
        <Meter share={fullest?.value ?? null} />
      </Tile>
      <Tile title="Pressure" value={hardest?.most ? format('percent', hardest.most.share * 100) : '–'} exactly={hardest?.most ? exact('percent', hardest.most.share * 100) : 'not counted'} trend={several ? undefined : trend('cpu_pressure_some_usec_per_second', 1e-4)} note={hardest?.most ? `of the time something waited for ${hardest.most.of}${onNode(hardest.node)}` : 'this kernel counts none (PSI)'} />
    </section>
  );
}

interface TileProperties {
  title: string;
  value: string;
  exactly: string;
  note: string;
  trend?: Values | undefined;
  top?: number | null;
  /** Values whose mean and peak over the range are told. */
  range?: Values | undefined;
  unit?: Unit;
  children?: ComponentChildren;
}

function Tile({ title, value, exactly, note, trend, top, range, unit, children }: TileProperties) {
  const ends = range && extremes(range);
  return (
    <div class="tile card">
      <h3>{title}</h3>
      <p class="tile-value num" title={exactly}>
        {value}
      </p>
      {trend && <Sparkline values={trend} {...(typeof top === 'number' ? { top } : {})} />}
      {children}
      <p class="tile-note num">{note}</p>
      {range && ends && unit && (
        <p class="tile-note num" title={`over the range: mean ${exact(unit, mean(range))}; peak ${exact(unit, ends.max)}`}>
          mean {format(unit, mean(range))} · peak {format(unit, ends.max)}
        </p>
      )}
    </div>
  );
}

/** Totals over the nodes of the scope, for the page's range; asked together with the charts. */
function useTotals(where: Readonly<Record<string, string>>): (metric: (typeof METRICS)[number], scale?: number) => Values | undefined {
  const asked = span.value;
  const subject = JSON.stringify([where, asked.end - asked.start]);
  const { data } = useResource<MetricAnswer>(subject, asked.start, (signal) => {
    const question: MetricQuestion = {
      entity: 'node',
      metrics: METRICS.map((metric) => ({ metric, statistic: 'Total' })),
      filters: asFilters(where),
      group_by: [],
      start: new Date(asked.start).toISOString(),
      end: new Date(asked.end).toISOString(),
    };
    return askMetrics(question, signal);
  });
  return (metric, scale = 1) => data?.series.find((series) => series.metric === metric)?.values.map((value) => (value === null ? null : value * scale));
}

function usedTrend(trend: ReturnType<typeof useTotals>): Values | undefined {
  const parts = (['node_memory_total_bytes', 'memory_free_bytes', 'memory_buffers_bytes', 'memory_cached_bytes', 'memory_slab_reclaimable_bytes', 'memory_shmem_bytes'] as const).map((metric) => trend(metric));
  return parts[0]?.map((all, at) => {
    const [free, buffers, cached, slab, shared] = parts.slice(1).map((part) => part?.[at] ?? null);
    if (all === null || free === null || free === undefined) return null;
    return Math.max(0, all - free - (buffers ?? 0) - (cached ?? 0) - (slab ?? 0) + (shared ?? 0));
  });
}

function added(a: Values | undefined, b: Values | undefined): Values | undefined {
  return a?.map((value, at) => (value === null ? null : value + (b?.[at] ?? 0)));
}

function mean(values: Values): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((a, b) => a + b, 0) / present.length;
}

/** Sum of what is known; absent when nothing is. */
function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

function share(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

function percent(a: number | null, b: number | null): string {
  const part = share(a, b);
  return format('percent', part === null ? null : part * 100);
}

function most(entities: readonly Entity[], of: (entity: Entity) => number | null): { entity: Entity; value: number } | null {
  let found: { entity: Entity; value: number } | null = null;
  for (const entity of entities) {
    const value = of(entity);
    if (value !== null && (!found || value > found.value)) found = { entity, value };
  }
  return found;
}
