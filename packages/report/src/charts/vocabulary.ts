import type { ChartVocabulary } from '@bakeoff/core';
import { CHARTS, type ChartName } from './registry.ts';

/** The charts of a section that names none. */
const defaultCharts: ChartVocabulary['defaults'] = ({ swept, searched }) =>
  [
    'validationAccuracy',
    'validationLoss',
    ...(swept ? (['sweep'] as const) : []),
    ...(searched ? (['slices', 'parallelCoordinates'] as const) : []),
    'accuracyVsMacs',
    'verdicts',
  ] satisfies ChartName[];

/** The charts that a manifest may name. Loads no charting library. */
export const chartVocabulary: ChartVocabulary = { names: Object.keys(CHARTS), defaults: defaultCharts };
