import type { ChartName } from '../types/plan.ts';
import type { ChartVocabulary } from './vocabulary.ts';

const CHART_NAMES = [
  'validationAccuracy',
  'validationLoss',
  'trainAccuracy',
  'trainLoss',
  'learningRate',
  'generalizationGap',
  'accuracyVsMacs',
  'accuracyVsParameters',
  'accuracyVsTrainingCost',
  'accuracyVsLatency',
  'sweep',
  'parallelCoordinates',
  'confusion',
  'perClass',
  'reliability',
  'verdicts',
  'hardestImages',
] as const satisfies readonly ChartName[];

/** The charts there are. */
export const chartVocabulary: ChartVocabulary = {
  names: CHART_NAMES,
  defaults: (swept) => [
    'validationAccuracy',
    'validationLoss',
    ...(swept ? ['sweep'] : []),
    'accuracyVsMacs',
    'verdicts',
  ],
};
