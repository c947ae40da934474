export { type ImageScores, scoreImages } from './image-scores.ts';
export { PredictionBuilder } from './prediction-builder.ts';
export type { SplitPredictions } from './split-predictions.ts';
