import type { ChartVocabulary } from '@bakeoff/core';
import { CHARTS, type ChartName } from './registry.ts';

/** What a section shows that names no charts. */
function defaultCharts(swept: boolean): readonly ChartName[] {
  return ['validationAccuracy', 'validationLoss', ...(swept ? (['sweep'] as const) : []), 'accuracyVsMacs', 'verdicts'];
}

/** The charts that a manifest may name. Loads no charting library. */
export const chartVocabulary: ChartVocabulary = { names: Object.keys(CHARTS), defaults: defaultCharts };
