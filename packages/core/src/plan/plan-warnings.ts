import type { ManifestExperiment } from '../manifest/manifest.ts';
import type { OptimizerConfig } from '../manifest/training-schema.ts';
import type { Plan, PlannedDataset, PlannedExperiment } from '../records/plan-records.ts';
import { evaluationKey } from './planned-evaluations.ts';
import { type Searches, searchesOf } from './searches.ts';

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

function isWithinSearch(group: readonly PlannedExperiment[]): boolean {
  return group[0]?.trial !== undefined && new Set(group.map(({ trial }) => trial?.search)).size === 1;
}

function sharedRuns(planned: readonly PlannedExperiment[], searches: Searches): string[] {
  const byRuns = new Map<string, PlannedExperiment[]>();
  for (const experiment of planned) {
    const { recipeId, evaluation, runIds } = experiment;
    const key = `${evaluationKey(recipeId, evaluation)} ${runIds.join(' ')}`;
    const known = byRuns.get(key);
    if (known === undefined) byRuns.set(key, [experiment]);
    else known.push(experiment);
  }
  const repeated = [...searches].flatMap(([search, trials]) => {
    const different = new Set(trials.map(({ recipeId, evaluation }) => evaluationKey(recipeId, evaluation))).size;
    return different === trials.length
      ? []
      : [
          `the ${trials.length} trials of ${search} have ${different === 1 ? 'equal settings' : `${different} different settings`}: trials with the same settings share their runs`,
        ];
  });
  return [
    ...[...byRuns.values()]
      .filter((group) => group.length > 1 && !isWithinSearch(group))
      .map((group) => `${listed(group.map(({ id }) => id))} have the same settings: they share their runs`),
    ...repeated,
  ];
}

/** Ids for a warning, with a search in place of its trials if all of them are concerned. */
function folded(ids: readonly string[], searches: Searches): string[] {
  const concerned = new Set(ids);
  const nameOf = new Map<string, string>();
  for (const [search, trials] of searches)
    if (trials.every(({ id }) => concerned.has(id)))
      for (const { id } of trials) nameOf.set(id, `${search} (${trials.length} trials)`);
  return [...new Set(ids.map((id) => nameOf.get(id) ?? id))];
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
  const searches = searchesOf(planned);
  const warnings = sharedRuns(planned, searches);
  const say = (ids: readonly string[], remark: string): void => {
    if (ids.length > 0) warnings.push(`${listed(folded(ids, searches))}: ${remark}`);
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
