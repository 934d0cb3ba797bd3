import { PRESENT } from '../../api/entities';
import { ratio, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { Meter } from '../../charts/Meter';
import { exact, format } from '../../format/number';
import * as measure from '../../measures/node';
import { diskBusy, filesystemShare } from '../../measures/parts';
import { useListing } from '../../state/inventory';
import { AlarmTile } from './AlarmTile';
import { LogTile } from './LogTile';
import { Tile } from './Tile';
import { most, total, useTotals } from './totals';

interface Properties {
  nodes: readonly Entity[];
  where: Readonly<Record<string, string>>;
}

/** The figures that one looks at first, now and over the range. Several nodes are added up. */
export function Tiles({ nodes, where }: Properties) {
  const totals = useTotals(where);
  const sum = (of: (node: Entity) => number | null) => total(nodes.map(of));
  const onNode = (entity: Entity) => (nodes.length > 1 ? ` on ${text(entity, 'node') ?? ''}` : '');

  const cpu = sum(measure.cpuUsed);
  const cores = sum(measure.cpuCores);
  const used = sum(measure.memoryUsed);
  const cache = sum(measure.memoryCache);
  const memory = sum(measure.memoryTotal);
  const [received, sent] = [sum(measure.received), sum(measure.sent)];
  const network = total([received, sent]);
  const disk = total([sum(measure.read), sum(measure.written)]);
  const hardest = most(nodes, (node) => measure.pressure(node)?.share ?? null);
  const shortest = hardest && measure.pressure(hardest.entity);

  return (
    <section class="tiles" aria-label="Now">
      <AlarmTile />
      <Tile
        title="CPU"
        value={percent(ratio(cpu, cores))}
        exactly={exact('cores', cpu)}
        note={`${format('cores', cpu)} of ${format('count', cores)} processors`}
        trend={totals.cpu}
        unit="cores"
        top={cores}
      >
        <Meter share={ratio(cpu, cores)} />
      </Tile>
      <Tile
        title="Memory"
        value={percent(ratio(used, memory))}
        exactly={exact('bytes', used)}
        note={`${format('bytes', used)} of ${format('bytes', memory)} · cache ${format('bytes', cache)}`}
        trend={totals.memory}
        unit="bytes"
        top={memory}
      >
        <Meter share={ratio(used, memory)} quiet={ratio(cache, memory)} />
      </Tile>
      <Tile
        title="Network"
        value={format('bytes_per_second', network)}
        exactly={exact('bytes_per_second', network)}
        note={`in ${format('bytes_per_second', received)} · out ${format('bytes_per_second', sent)}`}
        trend={totals.network}
        unit="bytes_per_second"
      />
      <DiskTile where={where} bytes={disk} trend={totals.disk} onNode={onNode} />
      <FilesystemTile where={where} onNode={onNode} />
      <Tile
        title="Pressure"
        value={percent(hardest?.value ?? null)}
        exactly={hardest ? exact('percent', hardest.value * 100) : 'not counted'}
        note={
          hardest && shortest
            ? `of the time something waited for ${shortest.of}${onNode(hardest.entity)}`
            : 'this kernel counts none (PSI)'
        }
      />
      <LogTile where={where} />
    </section>
  );
}

interface PartProperties {
  where: Readonly<Record<string, string>>;
  onNode: (entity: Entity) => string;
}

function DiskTile({
  where,
  onNode,
  bytes,
  trend,
}: PartProperties & { bytes: number | null; trend: ReturnType<typeof useTotals>['disk'] }) {
  const { data } = useListing('node_disk', { where, health: PRESENT });
  const busiest = most(data?.entities ?? [], diskBusy);
  return (
    <Tile
      title="Disk traffic"
      value={format('bytes_per_second', bytes)}
      exactly={exact('bytes_per_second', bytes)}
      note={
        busiest
          ? `${text(busiest.entity, 'device') ?? 'a disk'} busy ${percent(busiest.value)}${onNode(busiest.entity)}`
          : 'no block device has rows'
      }
      trend={trend}
      unit="bytes_per_second"
    />
  );
}

function FilesystemTile({ where, onNode }: PartProperties) {
  const { data } = useListing('node_filesystem', { where, health: PRESENT });
  const fullest = most(data?.entities ?? [], filesystemShare);
  return (
    <Tile
      title="Fullest file system"
      value={percent(fullest?.value ?? null)}
      exactly={exact('percent', fullest && fullest.value * 100)}
      note={fullest ? `${text(fullest.entity, 'mountpoint') ?? ''}${onNode(fullest.entity)}` : 'none has rows'}
    >
      <Meter share={fullest?.value ?? null} />
    </Tile>
  );
}

function percent(share: number | null): string {
  return format('percent', share === null ? null : share * 100);
}
