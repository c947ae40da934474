export { eagerSteps, type Engine, type StepRecorder } from './engine.ts';
export { type EngineName, replicableEngines } from './engines.ts';
export { type EngineOptions, loadEngine, whyOutOfMemory } from './load-engine.ts';
