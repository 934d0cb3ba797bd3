/** The pages of single nodes, pods and containers. They are fetched as one part, when the first of them is opened. */
export { ContainerDetail } from './containers/ContainerDetail';
export { NodeDetail } from './nodes/NodeDetail';
export { PodDetail } from './pods/PodDetail';
