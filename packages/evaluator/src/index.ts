export { evaluateRun, type EvaluateRunInput } from './run/evaluate-run.ts';
