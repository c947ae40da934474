export { decodePredictions } from './predictions/predictions-file.ts';
export type { OtherOutputs, SplitPredictions } from './predictions/split-predictions.ts';
export { evaluateRun, type EvaluateRunInput } from './run/evaluate-run.ts';
export { type ImageScores, scoreImages } from './scores/image-scores.ts';
export { scoreSplit } from './scores/score-split.ts';
