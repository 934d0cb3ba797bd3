/** The pages that only a cluster has. They are fetched as one part, when the first of them is opened. */
export { ClusterDetail } from './clusters/ClusterDetail';
export { Exits } from './exits/Exits';
export { NamespaceDetail } from './namespaces/NamespaceDetail';
export { Namespaces } from './namespaces/Namespaces';
export { ServiceDetail } from './services/ServiceDetail';
export { Services } from './services/Services';
export { VolumeDetail } from './volumes/VolumeDetail';
export { Volumes } from './volumes/Volumes';
export { WorkloadDetail } from './workloads/WorkloadDetail';
export { Workloads } from './workloads/Workloads';
