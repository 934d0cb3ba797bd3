import { useState } from 'preact/hooks';
import { PRESENT } from '../../api/entities';
import { text } from '../../api/row';
import { exact, format } from '../../format/number';
import { duration } from '../../format/time';
import { created, nameOf } from '../../measures/object';
import * as measure from '../../measures/volume';
import type { Claim } from '../../measures/volume';
import { namespaceLink, podLink, volumeLink } from '../../routes/links';
import { interval, length } from '../../state/clock';
import { useListing } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { sparkPeriod } from '../../state/range';
import { ShareCell, shareTitle, TrendCell } from '../../tables/cells';
import type { Column } from '../../tables/column';
import { useTrends } from '../../tables/trends';
import { Listed } from '../parts/Listed';
import { ageColumn, verdictColumn } from '../parts/standingColumns';

const BY = ['cluster', 'namespace', 'volume_claim'] as const;
const USED = 'volume_used_bytes';
const COLUMNS = [
  'created_time',
  'phase',
  'storage_class',
  'volume_name',
  'storage_request_bytes',
  'storage_capacity_bytes',
];
export const VOLUME_COLUMNS = [
  'volume_claim',
  'volume_capacity_bytes',
  'volume_used_bytes',
  'volume_available_bytes',
  'volume_inodes',
  'volume_inodes_used',
];

const keyOf = (it: Claim) => measure.claimKey(it.claim);

/** Claims: how full they are, how fast they grow, which pods mount them. */
export function VolumeTable({
  where,
  only,
}: {
  where: Readonly<Record<string, string>>;
  only?: (claim: Claim) => boolean;
}) {
  const { data, problem, retry } = useObjects(['PersistentVolumeClaim'], where, COLUMNS);
  const volumes = useListing('volume', { where, columns: VOLUME_COLUMNS, health: PRESENT });
  const judged = useJudged({ kinds: ['Volume'], ...where }, verdictKeys.named);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const trends = useTrends({ entity: 'volume', metrics: [USED], by: BY, keys, statistic: 'Maximum' });
  const rows = data && measure.claimsOf(data.entities, volumes.data?.entities ?? []);
  const full = (it: Claim) =>
    measure.secondsToFull(
      trends.get(keyOf(it))?.[USED] ?? [],
      sparkPeriod(length.value, interval.value),
      measure.capacityBytes(it),
    );
  const columns: Column<Claim>[] = [
    {
      id: 'name',
      header: 'Claim',
      value: (it) => nameOf(it.claim),
      cell: (it) => (
        <a class="cell-name" href={volumeLink(placeOf(it), nameOf(it.claim))}>
          {nameOf(it.claim)}
          <small>{text(it.claim, 'storage_class') ?? 'no class'}</small>
        </a>
      ),
    },
    ...(where.namespace === undefined
      ? [
          {
            id: 'namespace',
            header: 'Namespace',
            value: (it: Claim) => text(it.claim, 'namespace'),
            cell: (it: Claim) => <a href={namespaceLink(placeOf(it))}>{text(it.claim, 'namespace')}</a>,
          },
        ]
      : []),
    verdictColumn(
      (it) => judged.get(keyOf(it)) ?? null,
      (it) => ({ ...placeOf(it), volume_claim: nameOf(it.claim) }),
    ),
    {
      id: 'phase',
      header: 'Phase',
      value: (it) => text(it.claim, 'phase'),
      cell: (it) => {
        const phase = text(it.claim, 'phase');
        return <span class={phase === 'Bound' ? '' : 'status warn'}>{phase ?? '–'}</span>;
      },
    },
    {
      id: 'used',
      header: 'Used',
      help: 'As the kubelet sees it in the pods that mount it',
      end: true,
      value: measure.usedBytes,
      cell: (it) => <TrendCell unit="bytes" value={measure.usedBytes(it)} trend={trends.get(keyOf(it))?.[USED]} />,
      title: (it) => shareTitle('bytes', measure.usedBytes(it), measure.capacityBytes(it)),
    },
    {
      id: 'share',
      header: 'Used %',
      end: true,
      optional: true,
      value: measure.usedShare,
      cell: (it) => <ShareCell share={measure.usedShare(it)} />,
    },
    {
      id: 'inodes',
      header: 'Inodes %',
      end: true,
      optional: true,
      value: measure.inodeShare,
      cell: (it) => <ShareCell share={measure.inodeShare(it)} />,
    },
    {
      id: 'full',
      header: 'Full in',
      help: 'When it goes on to grow as it did in the range; absent where it does not grow',
      end: true,
      optional: true,
      value: full,
      cell: (it) => duration(full(it) ?? Number.NaN),
    },
    bytes('capacity', 'Size', 'Size of its file system; before it is mounted, of the volume', measure.capacityBytes),
    bytes('requested', 'Requested', 'What the claim asks for', measure.requestBytes),
    {
      id: 'volume',
      header: 'Volume',
      help: 'The persistent volume behind it',
      value: (it) => text(it.claim, 'volume_name'),
      cell: (it) => text(it.claim, 'volume_name') ?? <span class="muted">none</span>,
    },
    {
      id: 'pods',
      header: 'Mounted by',
      value: (it) => it.mounts.length,
      cell: (it) =>
        it.mounts.length === 0 ? (
          <span class="muted">–</span>
        ) : it.mounts.length > 2 ? (
          `${it.mounts.length} pods`
        ) : (
          it.mounts.map((mount) => (
            <a key={mount.id} class="cell-name" href={podLink(mount)}>
              {text(mount, 'pod')}
            </a>
          ))
        ),
    },
    ageColumn((it) => created(it.claim)),
  ];
  return (
    <Listed
      noun="volumes"
      columns={columns}
      rows={rows?.filter((it) => only?.(it) ?? true) ?? null}
      rowKey={keyOf}
      fields={(it) => ({
        texts: {
          name: nameOf(it.claim),
          namespace: text(it.claim, 'namespace'),
          class: text(it.claim, 'storage_class'),
          phase: text(it.claim, 'phase'),
          pod: it.mounts.map((mount) => text(mount, 'pod') ?? '').join(' '),
        },
        numbers: { used: measure.usedBytes(it), size: measure.capacityBytes(it) },
      })}
      hint="Filter: words, namespace:data, phase:pending, used>1Gi …"
      sort={{ id: 'share', descending: true }}
      problem={problem ?? volumes.problem}
      onRetry={() => {
        retry();
        volumes.retry();
      }}
      onShown={setKeys}
      empty="No claim is known here. They come from the Kubernetes API: Sources shows whether the server may watch it."
    />
  );
}

const placeOf = (it: Claim) => ({ cluster: text(it.claim, 'cluster'), namespace: text(it.claim, 'namespace') });

function bytes(id: string, header: string, help: string, of: (it: Claim) => number | null): Column<Claim> {
  return {
    id,
    header,
    help,
    end: true,
    value: of,
    cell: (it) => format('bytes', of(it)),
    title: (it) => exact('bytes', of(it)),
  };
}
