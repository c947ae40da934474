import { contentId } from './canonical-json.ts';
import type { AugmentationConfig } from './manifest/augmentation-schema.ts';
import type { DatasetConfig } from './manifest/dataset-schema.ts';
import type { Recipe } from './manifest/recipe-schema.ts';
import { stages } from './stages.ts';

/** @param paths Settings that say where images are, not what they are: ids use the source's digest instead. */
export function datasetId(config: DatasetConfig, sourceSha256: string, paths: readonly string[]): string {
  const determining = Object.fromEntries(Object.entries(config).filter(([name]) => !paths.includes(name)));
  return contentId({
    kind: 'dataset',
    recipeVersion: stages['data-prep'].version,
    config: determining,
    sourceSha256,
  });
}

export function augmentationId(config: AugmentationConfig): string {
  // The number of views does not change what view k holds.
  return contentId({
    kind: 'augmentation',
    recipeVersion: stages['data-prep'].version,
    transforms: config.transforms,
    seed: config.seed,
  });
}

export function recipeId(dataset: string, recipe: Recipe): string {
  return contentId({ kind: 'recipe', recipeVersion: stages.train.version, dataset, recipe });
}

export function runId(recipe: string, seed: number): string {
  return contentId({ kind: 'run', recipe, seed });
}

export function evaluationId(run: string): string {
  return contentId({
    kind: 'evaluation',
    recipeVersion: stages.evaluate.version,
    run,
    weights: 'best',
    split: 'test',
  });
}

export function comparisonId(plan: string, evaluations: Readonly<Record<string, string | null>>): string {
  return contentId({ kind: 'comparison', recipeVersion: stages.compare.version, plan, evaluations });
}
