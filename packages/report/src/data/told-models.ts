import {
  canonicalJson,
  type ModelConfig,
  type PlannedEvaluation,
  type PlannedExperiment,
  type Recipe,
} from '@bakeoff/core';

/** What people call a model: a preset's name, or the type. */
export type ModelName = (model: ModelConfig) => string;

type Evaluated = readonly Pick<PlannedEvaluation, 'run' | 'experiments'>[];

/**
 * The recipes with networks that a reader recognizes: a preset by its name instead of its layers, any other written
 * network by the experiment that it first stands in. That is the experiment as the manifest calls it, or one point of its
 * sweep if the points' layers differ.
 */
export function withToldModels(
  evaluated: Evaluated,
  experiments: readonly Pick<PlannedExperiment, 'id' | 'group'>[],
  modelName: ModelName,
): Recipe[] {
  const texts = evaluated.map(({ run }) => layersText(run.recipe.model));
  const groupOf = new Map(experiments.map(({ id, group }) => [id, group]));
  const served = evaluated.map(({ experiments: ids }) => ids.map((id) => ({ id, group: groupOf.get(id) ?? id })));
  const networksOf = new Map<string, Set<string | null>>();
  for (const [i, each] of served.entries())
    for (const { group } of each) networksOf.set(group, (networksOf.get(group) ?? new Set()).add(texts[i]!));
  const firstWith = new Map<string | null, string>();
  for (const [i, each] of served.entries()) {
    const { id, group } = each[0]!;
    if (!firstWith.has(texts[i]!)) firstWith.set(texts[i]!, networksOf.get(group)!.size === 1 ? group : id);
  }
  return evaluated.map(({ run: { recipe } }, i) => {
    if (texts[i] === null) return recipe;
    const { layers: _layers, ...model } = recipe.model;
    const name = modelName(recipe.model);
    const told = name === model.type ? { ...model, layers: firstWith.get(texts[i]!)! } : { ...model, type: name };
    return { ...recipe, model: told };
  });
}

/** null: not a written network. */
const layersText = ({ layers }: ModelConfig): string | null => (Array.isArray(layers) ? canonicalJson(layers) : null);
