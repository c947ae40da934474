export type { Calibration } from './calibration.ts';
export { scoreFigure, SCORE_FIGURES, type ScoreFigure } from './figures.ts';
export { METRICS_VERSION } from './registry.ts';
export { scoreSplit } from './score-split.ts';
export type { SplitScores } from './split-scores.ts';
