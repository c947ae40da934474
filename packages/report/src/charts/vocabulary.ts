import type { ChartVocabulary } from '@bakeoff/core';
import { CHARTS, type ChartName } from './registry.ts';

/** The charts of a section that names none. */
function defaultCharts(swept: boolean): readonly ChartName[] {
  return ['validationAccuracy', 'validationLoss', ...(swept ? (['sweep'] as const) : []), 'accuracyVsMacs', 'verdicts'];
}

/** The charts that a manifest may name. Loads no charting library. */
export const chartVocabulary: ChartVocabulary = { names: Object.keys(CHARTS), defaults: defaultCharts };
