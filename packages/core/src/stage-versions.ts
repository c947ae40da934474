import { METRICS_VERSION } from '@bakeoff/statistics/metrics';

/**
 * A version per stage, raised when the mathematics of that stage changes. The ids of what the stage makes change with it, and those of
 * what rests on them: a new metric raises the version of the metrics, which evaluates every run again and trains none.
 * In what ids hash the member is called `recipeVersion`, from the time when one version stood for all stages.
 */
export const STAGE_VERSIONS = {
  preparation: 1,
  training: 1,
  /** Nothing but the metrics has changed since evaluations are written. */
  evaluation: METRICS_VERSION,
  comparison: 1,
  /** Of the page's reading of the same records. */
  report: 1,
} as const;
