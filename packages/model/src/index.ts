export * from './architectures/index.ts';
export { EngineImages, placesInOrder } from './data/engine-images.ts';
export { type LoadedSplit, loadSplit, loadView } from './data/load-split.ts';
export { pixelTransform } from './data/pixel-transform.ts';
export { createNetwork, type NamedVariable, type Network } from './network/network.ts';
export { trialStep } from './network/trial-step.ts';
export type { Predictor } from './network/predictor.ts';
