export type { Engine } from './engine.ts';
export { type EngineName, replicableEngines } from './engines.ts';
export { type EngineOptions, isOutOfMemory, loadEngine } from './load-engine.ts';
