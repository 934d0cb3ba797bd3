import { aboutText } from '../alarms/about';
import type { Place } from '../alarms/concern';
import { placeOf } from '../alarms/place';
import type { Definition, Labels } from '../api/alarms';
import { link, namespaceLink, nodeLink, podLink, serviceLink, volumeLink, workloadLink } from './links';
import type { LinkQuery } from './links';

/** Ways to the pages of alarms, and from an alarm to what it is about. */

/** The scope stays behind: the page of an alarm is its own scope. */
const UNSCOPED = { cluster: null, node: null, namespace: null, workload: null };

export function alarmsLink(own: LinkQuery = {}): string {
  return link('/alarms', own);
}

/** What goes off on an entity and on what is within it. */
export function firingLink(place: Place): string {
  return alarmsLink({ ...UNSCOPED, state: 'ALARM', about: aboutText(place) });
}

export function alarmLink(name: string, own: LinkQuery = {}): string {
  return link(`/alarms/${encodeURIComponent(name)}`, { ...UNSCOPED, ...own });
}

export function editAlarmLink(name: string): string {
  return link(`/alarms/${encodeURIComponent(name)}/edit`, UNSCOPED);
}

/** A new alarm; the address holds what it begins with. An alarm may be called `new`, so its path is another one. */
export function newAlarmLink(draft: Definition = {}): string {
  const text = Object.keys(draft).length === 0 ? null : JSON.stringify(draft);
  return link('/alarms/-/new', { ...UNSCOPED, draft: text });
}

/** A new silence that holds what is chosen. */
export function silenceLink(alarm: string | null, labels: Labels = {}): string {
  return alarmsLink({
    tab: 'silences',
    new: '1',
    alarm,
    labels: Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  });
}

/** The page of the entity that labels name: the most particular of them that has one. `null` where none has. */
export function entityLink(labels: Labels): string | null {
  const it = placeOf(labels);
  const place = { cluster: it.cluster ?? null, namespace: it.namespace ?? null };
  if (it.pod_uid !== undefined) return podLink({ ...place, pod_uid: it.pod_uid });
  // The page of a pod is found by its uid; without it the list of pods, filtered by the name, leads there.
  if (it.pod !== undefined)
    return link('/pods', { ...UNSCOPED, cluster: place.cluster, namespace: place.namespace, q: it.pod });
  if (it.namespace !== undefined && it.workload !== undefined)
    return it.workload_kind === undefined
      ? link('/workloads', { ...UNSCOPED, ...place, q: it.workload })
      : workloadLink({ ...place, workload_kind: it.workload_kind, workload: it.workload });
  if (it.namespace !== undefined && it.service !== undefined) return serviceLink(place, it.service);
  if (it.namespace !== undefined && it.volume_claim !== undefined) return volumeLink(place, it.volume_claim);
  if (it.node !== undefined) return nodeLink({ cluster: place.cluster, node: it.node });
  if (it.namespace !== undefined) return namespaceLink(place);
  if (it.cluster !== undefined) return link('/', { ...UNSCOPED, cluster: it.cluster });
  return null;
}
