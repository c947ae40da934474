import { contentId } from './canonical-json.ts';
import { withoutNeutral } from './schema/neutral-settings.ts';
import { stages } from './stages.ts';
import { type AugmentationConfig, augmentationSchema } from './manifest/augmentation-schema.ts';
import { type DatasetConfig, datasetConfigSchema } from './manifest/dataset-schema.ts';
import { type EvaluationConfig, isPlain, PLAIN_EVALUATION } from './manifest/evaluation-schema.ts';
import { type Recipe, recipeSchema } from './manifest/recipe-schema.ts';

/** @param paths Settings that say where images are, not what they are: ids use the source's digest instead. */
export function datasetId(config: DatasetConfig, sourceSha256: string, paths: readonly string[]): string {
  const determining = Object.fromEntries(
    Object.entries(withoutNeutral(datasetConfigSchema, config)).filter(([name]) => !paths.includes(name)),
  );
  return contentId({
    kind: 'dataset',
    recipeVersion: stages['data-prep'].version,
    config: determining,
    sourceSha256,
  });
}

/** The number of views is no part of it: it does not change what view k holds. */
export function augmentationId(config: AugmentationConfig): string {
  const { views: _views, ...determining } = withoutNeutral(augmentationSchema, config);
  return contentId({ kind: 'augmentation', recipeVersion: stages['data-prep'].version, ...determining });
}

/** A recipe without the settings that were added later and are neutral: what ids hash and records hold. */
export function recordedRecipe(recipe: Recipe): Recipe {
  return withoutNeutral(recipeSchema, recipe);
}

export function recipeId(dataset: string, recipe: Recipe): string {
  return contentId({
    kind: 'recipe',
    recipeVersion: stages.train.version,
    dataset,
    recipe: recordedRecipe(recipe),
  });
}

export function runId(recipe: string, seed: number): string {
  return contentId({ kind: 'run', recipe, seed });
}

/** Of a run's best weights on the test split, with test-time augmentation if the config has any. */
export function evaluationId(run: string, evaluation: EvaluationConfig = PLAIN_EVALUATION): string {
  return contentId({
    kind: 'evaluation',
    recipeVersion: stages.evaluate.version,
    run,
    weights: 'best',
    split: 'test',
    ...(isPlain(evaluation) ? {} : { evaluation }),
  });
}

export function comparisonId(plan: string, evaluations: Readonly<Record<string, string | null>>): string {
  return contentId({ kind: 'comparison', recipeVersion: stages.compare.version, plan, evaluations });
}
