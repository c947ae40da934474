import type { Chart } from './chart.ts';
import { curveChart } from './curves/draw-curves.ts';
import { confusion } from './kinds/confusion.ts';
import {
  accuracyVsLatency,
  accuracyVsMacs,
  accuracyVsParameters,
  accuracyVsTrainingCost,
} from './kinds/cost-scatter.ts';
import { generalizationGap } from './kinds/generalization-gap.ts';
import { hardestImages } from './kinds/hardest-images.ts';
import { parallelCoordinates } from './kinds/parallel-coordinates.ts';
import { perClass } from './kinds/per-class.ts';
import { reliability } from './kinds/reliability.ts';
import { slices } from './kinds/slices.ts';
import { sweep } from './kinds/sweep.ts';
import { verdicts } from './kinds/verdicts.ts';

/** Every chart by its name in the manifest, in the explorer's order. */
export const CHARTS = {
  validationAccuracy: curveChart('Validation accuracy', 'accuracy', ['validation']),
  validationLoss: curveChart('Validation loss', 'loss', ['validation']),
  trainAccuracy: curveChart('Training accuracy', 'accuracy', ['train']),
  trainLoss: curveChart('Training loss', 'loss', ['train']),
  learningRate: curveChart('Learning rate', 'learningRate', ['train']),
  generalizationGap,
  accuracyVsMacs,
  accuracyVsParameters,
  accuracyVsTrainingCost,
  accuracyVsLatency,
  sweep,
  slices,
  parallelCoordinates,
  confusion,
  perClass,
  reliability,
  verdicts,
  hardestImages,
} as const satisfies Readonly<Record<string, Chart>>;

export type ChartName = keyof typeof CHARTS;

/**
 * The chart of a name in a plan; undefined if another version of Bakeoff made the plan and this one lacks the chart.
 */
export function chartNamed(name: string): Chart | undefined {
  return Object.hasOwn(CHARTS, name) ? CHARTS[name as ChartName] : undefined;
}
