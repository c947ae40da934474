export { type Engine, type EngineName, engineNames } from './engine.ts';
export { type EngineOptions, loadEngine } from './load-engine.ts';
