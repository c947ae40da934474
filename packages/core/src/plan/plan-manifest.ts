import { canonicalJson } from '../canonical-json.ts';
import { recipeId, runId } from '../ids.ts';
import type { Manifest, ManifestExperiment } from '../manifest/manifest.ts';
import type { DatasetConfig, SourceFingerprint } from '../types/dataset.ts';
import type { Plan, PlannedExperiment, PlannedRun } from '../types/plan.ts';
import type { ModelConfig } from '../manifest/recipe-schema.ts';
import { UserError } from '../user-error.ts';
import { planIdOf } from './plan-id.ts';
import { planWarnings } from './plan-warnings.ts';
import { DatasetPlanner, IMAGE_SHAPE } from './planned-datasets.ts';
import { requireSameTestImages } from './test-images.ts';

/** Parameters, and multiply-accumulates of one image's forward pass. */
export interface ModelFigures {
  readonly parameters: number;
  readonly macs: number;
}

export interface PlanOptions {
  /** Tells what bytes a dataset's source stands for; asked once a source. */
  readonly fingerprint: (config: DatasetConfig) => Promise<SourceFingerprint>;
  /** Asked once for each model and number of classes. */
  readonly describeModel: (
    model: ModelConfig,
    input: { readonly imageShape: readonly [number, number, number]; readonly classes: number },
  ) => ModelFigures;
}

type GrowingRun = Omit<PlannedRun, 'experiments'> & { readonly experiments: string[] };

function figuresOnce(
  describeModel: PlanOptions['describeModel'],
): (experiment: ManifestExperiment, classes: number) => ModelFigures {
  const known = new Map<string, ModelFigures>();
  return ({ id, location, recipe: { model } }, classes) => {
    const key = `${classes} ${canonicalJson(model)}`;
    let figures = known.get(key);
    if (figures === undefined) {
      try {
        const { parameters, macs } = describeModel(model, { imageShape: IMAGE_SHAPE, classes });
        figures = { parameters, macs };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(
          { ...error.parts, what: `${location}: experiment "${id}": ${error.parts.what}` },
          { cause: error },
        );
      }
      known.set(key, figures);
    }
    return figures;
  };
}

/**
 * Turns a manifest into the runs that have to exist: ids, sizes, and which experiments each run serves.
 * Two experiments with the same settings share their runs. Takes time in proportion to the number of runs.
 * @throws UserError where a source has too few images, a model cannot be built, or a section compares experiments on different test images.
 */
export async function planManifest(manifest: Manifest, { fingerprint, describeModel }: PlanOptions): Promise<Plan> {
  const datasets = new DatasetPlanner(fingerprint);
  const figuresOf = figuresOnce(describeModel);
  const runs = new Map<string, GrowingRun>();
  const experiments: PlannedExperiment[] = [];
  for (const experiment of manifest.experiments) {
    const { id, title, group, sweepValues, recipe, seeds } = experiment;
    const dataset = await datasets.add(experiment);
    const { datasetId } = dataset;
    const augmentationId = recipe.augmentation === null ? null : datasets.addViews(dataset, recipe.augmentation);
    const recipeHash = recipeId(datasetId, recipe);
    const figures = figuresOf(experiment, dataset.source.classes.length);
    const runIds = seeds.map((seed) => {
      const run = runId(recipeHash, seed);
      const known = runs.get(run);
      if (known === undefined)
        runs.set(run, {
          runId: run,
          recipeId: recipeHash,
          datasetId,
          experiments: [id],
          seed,
          recipe,
          augmentationId,
          ...figures,
        });
      else known.experiments.push(id);
      return run;
    });
    experiments.push({ id, title, group, sweepValues, recipeId: recipeHash, datasetId, runIds });
  }
  const plannedDatasets = datasets.planned();
  requireSameTestImages(manifest, experiments, plannedDatasets);
  const plan: Omit<Plan, 'planId'> = {
    formatVersion: 1,
    name: manifest.name,
    manifest: { fileName: manifest.fileName, text: manifest.text },
    datasets: plannedDatasets,
    experiments,
    runs: [...runs.values()],
    report: manifest.report,
    warnings: planWarnings(manifest, experiments, plannedDatasets),
  };
  return { ...plan, planId: planIdOf(plan) };
}
