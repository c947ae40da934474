import type { ChartName } from '@bakeoff/core';
import { drawGap, drawPerClass, drawReliability } from './class-charts.ts';
import { type CurveView, drawCurves } from './curve-chart.ts';
import { drawConfusion } from './confusion-chart.ts';
import { drawParallel } from './parallel-chart.ts';
import { drawScatter } from './scatter-chart.ts';
import { drawSweep } from './sweep-chart.ts';
import { drawVerdicts } from './verdict-charts.ts';
import type { DrawChart } from './view.ts';

const curves = (metric: CurveView['metric'], splits: CurveView['splits']): CurveView => ({
  metric,
  splits,
  axis: metric === 'learningRate' || splits[0] === 'train' ? 'step' : 'epoch',
  smoothing: 0,
  log: false,
  seeds: 'mean',
  zoom: null,
});

/** Charts that are learning curves, with the view that the static article shows. */
export const CURVE_VIEWS: Partial<Record<ChartName, CurveView>> = {
  validationAccuracy: curves('accuracy', ['validation']),
  validationLoss: curves('loss', ['validation']),
  trainAccuracy: curves('accuracy', ['train']),
  trainLoss: curves('loss', ['train']),
  learningRate: curves('learningRate', ['train']),
};

export const CHART_TITLES: Record<ChartName, string> = {
  validationAccuracy: 'Validation accuracy',
  validationLoss: 'Validation loss',
  trainAccuracy: 'Training accuracy',
  trainLoss: 'Training loss',
  learningRate: 'Learning rate',
  generalizationGap: 'Generalisation gap',
  accuracyVsMacs: 'Accuracy against multiply-accumulates',
  accuracyVsParameters: 'Accuracy against parameters',
  accuracyVsTrainingCost: 'Accuracy against training cost',
  accuracyVsLatency: 'Accuracy against latency',
  sweep: 'Sweep',
  parallelCoordinates: 'Settings and accuracies side by side',
  confusion: 'Confusion matrices',
  perClass: 'Accuracy by class',
  reliability: 'Reliability of confidence',
  verdicts: 'Which differences are real',
  hardestImages: 'Hardest images',
};

/** Charts whose figures were measured, not determined: they stand among the measurements. */
export const MEASURED_CHARTS: ReadonlySet<ChartName> = new Set(['accuracyVsLatency']);

const DRAWERS: Partial<Record<ChartName, DrawChart>> = {
  generalizationGap: drawGap,
  accuracyVsMacs: drawScatter('macs'),
  accuracyVsParameters: drawScatter('parameters'),
  accuracyVsTrainingCost: drawScatter('trainingFlops'),
  accuracyVsLatency: drawScatter('latency'),
  sweep: drawSweep,
  parallelCoordinates: drawParallel,
  confusion: drawConfusion,
  perClass: drawPerClass,
  reliability: drawReliability,
  verdicts: drawVerdicts,
};

/** The drawing function of a chart; undefined for the gallery, which is HTML. */
export function drawerOf(chart: ChartName): DrawChart | undefined {
  const view = CURVE_VIEWS[chart];
  return view ? (drawing) => drawCurves(drawing, view) : DRAWERS[chart];
}
