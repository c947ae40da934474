export type { Engine, EngineName } from './engine.ts';
export { type EngineOptions, loadEngine } from './load-engine.ts';
export { isOutOfMemory } from './out-of-memory.ts';
