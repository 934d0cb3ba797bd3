import { number, text } from '../../api/row';
import type { Entity } from '../../api/row';
import { exact, format } from '../../format/number';
import { ratio } from '../../api/row';
import { volumeLink } from '../../routes/links';
import { ShareCell } from '../../tables/cells';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';

const share = (it: Entity) => ratio(number(it, 'volume_used_bytes'), number(it, 'volume_capacity_bytes'));
const inodes = (it: Entity) => ratio(number(it, 'volume_inodes_used'), number(it, 'volume_inodes'));

const COLUMNS: readonly Column<Entity>[] = [
  { id: 'name', header: 'Volume', value: (it) => text(it, 'volume'), cell: (it) => text(it, 'volume') },
  {
    id: 'claim',
    header: 'Claim',
    value: (it) => text(it, 'volume_claim'),
    cell: (it) => {
      const claim = text(it, 'volume_claim');
      if (claim === null) return <span class="muted">none</span>;
      return (
        <a href={volumeLink({ cluster: text(it, 'cluster'), namespace: text(it, 'namespace') }, claim)}>{claim}</a>
      );
    },
  },
  {
    id: 'used',
    header: 'Used',
    end: true,
    value: (it) => number(it, 'volume_used_bytes'),
    cell: (it) => format('bytes', number(it, 'volume_used_bytes')),
    title: (it) => exact('bytes', number(it, 'volume_used_bytes')),
  },
  { id: 'share', header: 'Used %', end: true, value: share, cell: (it) => <ShareCell share={share(it)} /> },
  {
    id: 'size',
    header: 'Size',
    end: true,
    value: (it) => number(it, 'volume_capacity_bytes'),
    cell: (it) => format('bytes', number(it, 'volume_capacity_bytes')),
  },
  { id: 'inodes', header: 'Inodes %', end: true, value: inodes, cell: (it) => <ShareCell share={inodes(it)} /> },
];

/** The volumes of a pod, as its kubelet sees them. */
export function PodVolumes({ volumes }: { volumes: readonly Entity[] | null }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'name', descending: false });
  return (
    <DataTable
      caption="Volumes"
      columns={COLUMNS}
      rows={volumes ?? []}
      rowKey={(it) => it.id}
      sort={sort}
      onSort={onSort}
      empty={
        volumes === null ? (
          <span class="loading-note">Loading…</span>
        ) : (
          'Nothing is known of its volumes. The kubelet tells of them: its agent needs the right to read /stats/summary, see Sources.'
        )
      }
    />
  );
}
