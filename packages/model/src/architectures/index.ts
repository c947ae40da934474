export type { Architecture, NetworkInput } from './architecture.ts';
export type { Layer, Shape, WeightInitializer } from './layers.ts';
export { architectures, buildLayers, modelSchemas } from './registry.ts';
export { describeModel, type ModelDescription } from '../cost/describe-model.ts';
export type { LayerDescription } from '../cost/layer-cost.ts';
