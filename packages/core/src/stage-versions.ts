/**
 * A version per stage, raised when the mathematics of that stage changes. The ids of what the stage makes change with it, and those of
 * what rests on them: a new metric raises `evaluation`, which evaluates every run again and trains none.
 * In what ids hash the member is called `recipeVersion`, from the time when one version stood for all stages.
 */
export const STAGE_VERSIONS = {
  preparation: 1,
  training: 1,
  evaluation: 1,
  comparison: 1,
  /** Of the page's reading of the same records. */
  report: 1,
} as const;
