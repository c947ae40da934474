import type { ManifestExperiment } from '../manifest/manifest.ts';
import type { OptimizerConfig } from '../manifest/training-schema.ts';
import type { Plan, PlannedDataset, PlannedExperiment } from '../records/plan-records.ts';
import { evaluationKey } from './planned-evaluations.ts';

const SHOWN = 4;

/** Recipes can be compared from three seeds on: with fewer, the spread over seeds is a guess. */
const SEEDS_FOR_RECIPES = 3;

function listed(ids: readonly string[]): string {
  return ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(', ')} and ${ids.length - SHOWN} more` : ids.join(', ');
}

/** The parts of an experiment that warnings are about. */
type Remarked = Pick<ManifestExperiment, 'id' | 'recipe' | 'seeds'>;

function where(experiments: readonly Remarked[], holds: (experiment: Remarked) => boolean): string[] {
  return experiments.filter(holds).map(({ id }) => id);
}

function sharedRuns(planned: readonly PlannedExperiment[]): string[] {
  const byRuns = new Map<string, string[]>();
  for (const { id, recipeId, evaluation, runIds } of planned) {
    const key = `${evaluationKey(recipeId, evaluation)} ${runIds.join(' ')}`;
    const known = byRuns.get(key);
    if (known === undefined) byRuns.set(key, [id]);
    else known.push(id);
  }
  return [...byRuns.values()]
    .filter((ids) => ids.length > 1)
    .map((ids) => `${listed(ids)} have the same settings: they share their runs`);
}

function decayOf(optimizer: OptimizerConfig): number {
  return optimizer.type === 'adamw' ? optimizer.weightDecay : optimizer.l2;
}

/** Warnings that a reader of the plan or the report should see. They do not stop anything. */
export function planWarnings(
  manifest: { readonly experiments: readonly Remarked[]; readonly report: Pick<Plan['report'], 'sections'> },
  planned: readonly PlannedExperiment[],
  datasets: readonly PlannedDataset[],
): string[] {
  const { experiments, report } = manifest;
  const warnings = sharedRuns(planned);
  const say = (ids: readonly string[], remark: string): void => {
    if (ids.length > 0) warnings.push(`${listed(ids)}: ${remark}`);
  };
  if (experiments.length > 1)
    say(
      where(experiments, ({ seeds }) => seeds.length < SEEDS_FOR_RECIPES),
      `fewer than ${SEEDS_FOR_RECIPES} seeds, so verdicts can be about trained models only, not about recipes`,
    );
  say(
    where(
      experiments,
      ({ recipe }) => recipe.earlyStopping !== null && recipe.earlyStopping.monitor !== recipe.selection,
    ),
    'the best epoch is chosen by another figure than early stopping watches',
  );
  say(
    where(experiments, ({ recipe }) => recipe.augmentation !== null && recipe.augmentation.views < recipe.maxEpochs),
    'fewer views than maxEpochs: augmented images repeat',
  );
  say(
    where(experiments, ({ recipe: { optimizer } }) => !optimizer.decayBiasAndNorm && decayOf(optimizer) === 0),
    'decayBiasAndNorm is false, but nothing decays: l2 or weightDecay is 0',
  );
  const trainImages = new Map(datasets.map(({ datasetId, images }) => [datasetId, images.train]));
  const datasetOf = new Map(planned.map(({ id, datasetId }) => [id, datasetId]));
  say(
    where(experiments, ({ id, recipe }) => recipe.batchSize > (trainImages.get(datasetOf.get(id) ?? '') ?? Infinity)),
    'batchSize is larger than the number of training images: one step an epoch',
  );
  const shown = new Set(report.sections.flatMap((section) => section.experiments));
  say(
    where(experiments, ({ id }) => !shown.has(id)),
    'in no section of the report',
  );
  return warnings;
}
