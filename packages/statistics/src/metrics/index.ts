export { balancedAccuracyOf } from './balanced-accuracy.ts';
export type { Calibration } from './calibration.ts';
export { countConfusion } from './count-confusion.ts';
export { scoreFigure, SCORE_FIGURES, type ScoreFigure } from './figures.ts';
export { macroF1Of } from './macro-f1.ts';
export { scoreClasses } from './per-class.ts';
export { METRICS_VERSION } from './registry.ts';
export { scoreSplit } from './score-split.ts';
export type { SplitScores } from './split-scores.ts';
