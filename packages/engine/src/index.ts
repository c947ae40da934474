export { eagerSteps, type Engine, type StepRecorder } from './engine.ts';
export { type EngineName, replicableEngines } from './engines.ts';
export { type EngineOptions, isOutOfMemory, loadEngine } from './load-engine.ts';
