import {
  canonicalJson,
  isPlain,
  type Json,
  type PlannedEvaluation,
  type PlannedExperiment,
  type Recipe,
  recordedRecipe,
} from '@bakeoff/core';
import type { Setting } from './settings.ts';
import { type ModelName, withToldModels } from './told-models.ts';

/** @param whole Paths of maps that are told as one setting. */
function walk(
  value: Json | undefined,
  path: string,
  into: Record<string, Setting>,
  whole: readonly string[] = [],
): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) into[path] = value;
  else if (Array.isArray(value) || whole.includes(path)) into[path] = canonicalJson(value);
  else
    for (const [key, member] of Object.entries(value)) walk(member, path === '' ? key : `${path}.${key}`, into, whole);
}

/**
 * A recipe as dotted paths, in the recipe's order. The augmentation and the classes' weights are one setting each,
 * because they are read as a whole; the number of views is left out if there is one per epoch.
 */
function flattenRecipe({ augmentation, ...recipe }: Recipe): Record<string, Setting> {
  const settings: Record<string, Setting> = {};
  walk(recipe, '', settings, ['classWeights']);
  const { views, ...rest } = augmentation ?? {};
  const told = views === recipe.maxEpochs ? rest : { ...rest, views };
  return { ...settings, augmentation: augmentation === null ? null : canonicalJson(told) };
}

/**
 * Recipes as dotted paths. A setting that every recipe leaves at the value that means "as before" (see `addedLater`) is
 * left out.
 */
export function flattenRecipes(recipes: readonly Recipe[]): Record<string, Setting>[] {
  const recorded = new Set(recipes.flatMap((recipe) => Object.keys(flattenRecipe(recordedRecipe(recipe)))));
  return recipes.map((recipe) =>
    Object.fromEntries(Object.entries(flattenRecipe(recipe)).filter(([path]) => recorded.has(path))),
  );
}

/**
 * The settings of trainings and their evaluations as dotted paths; those of evaluations only if one has test-time
 * augmentation. What a search draws inside of a list, and what a sweep sets of a layer, such as its filters, is a setting
 * by itself. Networks are told by name (see `withToldModels`).
 */
export function flattenSettings(
  evaluated: readonly Pick<PlannedEvaluation, 'run' | 'evaluation' | 'experiments'>[],
  experiments: readonly Pick<PlannedExperiment, 'id' | 'group' | 'sweepValues' | 'trial'>[],
  modelName: ModelName,
): Record<string, Setting>[] {
  const isAugmented = evaluated.some(({ evaluation }) => !isPlain(evaluation));
  const drawn = new Map(experiments.map((each) => [each.id, { ...ofLayers(each.sweepValues), ...each.trial?.values }]));
  return flattenRecipes(withToldModels(evaluated, experiments, modelName)).map((settings, i) => {
    const { evaluation, experiments: served } = evaluated[i]!;
    if (isAugmented) walk(evaluation, 'evaluation', settings);
    return Object.assign({}, ...served.map((id) => drawn.get(id)), settings) as Record<string, Setting>;
  });
}

function ofLayers(values: PlannedExperiment['sweepValues']): PlannedExperiment['sweepValues'] {
  return Object.fromEntries(Object.entries(values).filter(([path]) => path.startsWith('model.layers.')));
}
