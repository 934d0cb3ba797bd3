import { map, text } from '../../api/row';
import { Page } from '../../app/Page';
import { format } from '../../format/number';
import { ago, dateTime } from '../../format/time';
import { created } from '../../measures/object';
import * as measure from '../../measures/volume';
import { VOLUME_INODES, VOLUME_USE } from '../../panels/object';
import { podLink } from '../../routes/links';
import { query } from '../../routes/location';
import { now } from '../../state/clock';
import { useHappenings } from '../../state/happenings';
import { useListing, nodes } from '../../state/inventory';
import { useJudged, verdictKeys } from '../../state/judged';
import { useObjects } from '../../state/objects';
import { zone } from '../../state/zone';
import { crumbsTo } from '../parts/crumbs';
import { Empty, Fault } from '../parts/Empty';
import { EventTable } from '../parts/EventTable';
import { Firing } from '../parts/FiringMark';
import { Facts } from '../parts/Facts';
import { Labels } from '../parts/Labels';
import { PanelGrid } from '../parts/PanelGrid';
import { openTab, Tabs } from '../parts/Tabs';
import { VerdictCard } from '../parts/VerdictCard';
import { asFilters } from '../parts/where';
import { PodTable } from '../pods/PodTable';
import { VOLUME_COLUMNS } from './VolumeTable';

const TABS = [
  { id: 'charts', label: 'Charts' },
  { id: 'pods', label: 'Pods' },
  { id: 'events', label: 'Events' },
];
const PANELS = [VOLUME_USE, VOLUME_INODES];

/** Everything about one claim and the volume behind it. */
export function VolumeDetail({ namespace, name }: { namespace: string; name: string }) {
  const cluster = query.value.get('cluster');
  const place = { namespace, ...(cluster === null ? {} : { cluster }) };
  const { data, problem, retry } = useObjects(['PersistentVolumeClaim'], { ...place, object_name: name });
  const volumes = useListing('volume', { where: { ...place, volume_claim: name }, columns: VOLUME_COLUMNS });
  const object = data?.entities[0] ?? null;
  const mounts = volumes.data?.entities ?? [];
  const claim = object && { claim: object, mounts };
  const uids = mounts.map((mount) => text(mount, 'pod_uid') ?? '');
  const judged = useJudged({ kinds: ['Volume'], ...place }, verdictKeys.named);
  const verdict = [...judged.values()].find((it) => it.name === name) ?? null;
  const happenings = useHappenings(volumes.data && { ...place, podUids: uids, workloads: [] });
  const known = cluster ?? (object && text(object, 'cluster'));
  const about = { cluster: known, namespace, volume_claim: name };
  const at = object && created(object);
  const tab = openTab(TABS);
  return (
    <Page title={name} about={about} crumbs={crumbsTo({ cluster: known, namespace })}>
      {problem && <Fault problem={problem} stale={data !== null} onRetry={retry} />}
      <VerdictCard verdict={verdict} />
      <Firing of={about} />
      {object && claim && (
        <>
          <Facts
            facts={[
              { name: 'Phase', value: text(object, 'phase') },
              { name: 'Class', value: text(object, 'storage_class') },
              { name: 'Volume', value: text(object, 'volume_name') },
              { name: 'Access', value: Object.keys(map(object, 'access_modes')).join(', ') },
              { name: 'Requested', value: format('bytes', measure.requestBytes(claim)) },
              { name: 'Size', value: format('bytes', measure.capacityBytes(claim)) },
              { name: 'Used', value: format('bytes', measure.usedBytes(claim)) },
              {
                name: 'Mounted by',
                value:
                  mounts.length === 0
                    ? null
                    : mounts.map((mount, index) => (
                        <span key={mount.id}>
                          {index > 0 && ', '}
                          <a href={podLink(mount)}>{text(mount, 'pod')}</a>
                        </span>
                      )),
              },
              {
                name: 'Made',
                value: at === null ? null : ago(at, now.value),
                ...(at === null ? {} : { title: dateTime(at, zone.value) }),
              },
            ]}
          />
          <Labels of={map(object, 'labels')} />
        </>
      )}
      {data && !object && (
        <Empty title="No claim of this name is known now">
          <p>It was deleted, or the server may not watch it. Below is what is stored of it in the chosen range.</p>
        </Empty>
      )}
      <Tabs tabs={TABS} label="Parts of this volume" />
      {tab === 'events' ? (
        <EventTable
          scope={{
            cluster: known,
            namespace,
            about: [
              { kind: 'PersistentVolumeClaim', name },
              ...mounts.map((mount) => ({ kind: 'Pod', name: text(mount, 'pod') ?? '' })),
            ],
          }}
        />
      ) : tab === 'pods' ? (
        <PodTable
          where={place}
          several={(nodes.value?.length ?? 0) > 1}
          only={(pod) => uids.includes(text(pod, 'pod_uid') ?? '')}
          empty="No pod is known to mount it. Which pods do is told by the kubelet: its agent needs the right to read /stats/summary, see Sources."
        />
      ) : (
        <PanelGrid
          about={about}
          panels={PANELS}
          filters={asFilters({ ...place, volume_claim: name })}
          statistic="Maximum"
          happenings={happenings}
          lines={null}
        />
      )}
    </Page>
  );
}
