export type { Architecture, NetworkInput } from './architecture.ts';
export type { Layer, Shape } from '../layers/layer.ts';
export type { WeightInitializer } from '../layers/layer-weights.ts';
export { modelName } from './model-name.ts';
export { modelNotation } from './notation.ts';
export { aboutModels, architectures, buildLayers, modelSchemas } from './registry.ts';
export { describeModel, type ModelDescription } from '../cost/describe-model.ts';
export type { LayerDescription } from '../cost/layer-cost.ts';
