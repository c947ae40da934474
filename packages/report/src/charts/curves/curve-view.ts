import { percent, significant } from '@bakeoff/statistics/formats';

export type CurveMetric = 'accuracy' | 'loss' | 'learningRate' | 'gap';
export type CurveSplit = 'train' | 'validation';
export type CurveAxis = 'epoch' | 'step' | 'images' | 'seconds';

export interface CurveOptions {
  readonly metric: CurveMetric;
  readonly splits: readonly CurveSplit[];
  readonly axis: CurveAxis;
  /** Weight of the past in an exponential moving average of the training curve, 0…0.99; 0 smooths nothing. */
  readonly smoothing: number;
  /** Logarithmic y axis; null: if the values span decades. */
  readonly log: boolean | null;
  /** `mean`: one line per experiment; `each`: one line per run. */
  readonly seeds: 'mean' | 'each';
}

/** Smoothing of training curves by step, whose single steps hide the course. */
export const STEP_SMOOTHING = 0.88;

export interface CurveView extends CurveOptions {
  /** Part of the x axis to show; null: all. */
  readonly zoom: readonly [number, number] | null;
}

/** A view of which the data has decided everything. */
export interface DrawnView extends CurveView {
  readonly log: boolean;
}

export const METRIC_NAMES = {
  accuracy: 'accuracy',
  loss: 'loss (nats)',
  learningRate: 'learning rate',
  gap: 'training minus validation accuracy',
} as const;
export const AXIS_NAMES = {
  epoch: 'epoch',
  step: 'step',
  images: 'images seen',
  seconds: 'wall-clock time of training (s)',
} as const;

export const isFraction = (metric: CurveOptions['metric']): boolean => metric === 'accuracy' || metric === 'gap';
export const metricText = (metric: CurveOptions['metric'], value: number): string =>
  isFraction(metric) ? percent(value) : significant(value);
