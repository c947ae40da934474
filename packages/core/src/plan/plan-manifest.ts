import { canonicalJson } from '../canonical-json.ts';
import { recipeId, runId } from '../ids.ts';
import type { Manifest, ManifestExperiment } from '../manifest/manifest.ts';
import type { DatasetSettings } from '../manifest/dataset-schema.ts';
import type { Sources, SourceFingerprint } from '../manifest/vocabulary.ts';
import type { ImageShape } from '../image-shape.ts';
import type { Plan, PlannedExperiment, PlannedRun } from '../records/plan-records.ts';
import type { ModelConfig } from '../manifest/recipe-schema.ts';
import { isPlain } from '../manifest/evaluation-schema.ts';
import { UserError, type UserErrorParts } from '../user-error.ts';
import { mistakesError } from '../manifest/problem.ts';
import { requireKnownChannels } from './known-channels.ts';
import { requireKnownClasses } from './known-classes.ts';
import { withEvaluations } from './planned-evaluations.ts';
import { planIdOf } from './plan-id.ts';
import { planWarnings } from './plan-warnings.ts';
import { DatasetPlanner } from './planned-datasets.ts';
import { requireSameTestImages } from './test-images.ts';

/** Parameters, and multiply-accumulates of one image's forward pass. */
export interface ModelFigures {
  readonly parameters: number;
  readonly macs: number;
}

interface ModelInput {
  readonly imageShape: ImageShape;
  readonly classes: number;
}

export interface PlanOptions {
  /** The architectures, sources and charts that the manifest may name. */
  readonly sources: Sources;
  /** Returns the fingerprint of a dataset's source. Called once per source. */
  readonly fingerprint: (config: DatasetSettings) => Promise<SourceFingerprint>;
  /** Called once per model, image shape and number of classes. */
  readonly describeModel: (model: ModelConfig, input: ModelInput) => ModelFigures;
  /** What reading the manifest found wrong, which is reported together with what planning finds. */
  readonly mistakes?: readonly UserErrorParts[];
}

/** Collects the mistakes of a user that parts of the planning throw; one that several experiments share counts once. */
class Mistakes {
  readonly all: UserErrorParts[];
  private readonly known = new Set<UserError>();

  constructor(found: readonly UserErrorParts[]) {
    this.all = [...found];
  }

  /** What the work gives; undefined if the user has to change something first. */
  async attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!this.known.has(error)) this.all.push(error.parts);
      this.known.add(error);
      return undefined;
    }
  }
}

type GrowingRun = Omit<PlannedRun, 'experiments'> & { readonly experiments: string[] };

function figuresOnce(
  describeModel: PlanOptions['describeModel'],
  locate: Manifest['locate'],
): (experiment: ManifestExperiment, input: ModelInput) => ModelFigures {
  const known = new Map<string, ModelFigures>();
  return ({ id, location, recipe: { model } }, input) => {
    const key = canonicalJson([input.imageShape, input.classes, model]);
    let figures = known.get(key);
    if (figures === undefined) {
      try {
        const { parameters, macs } = describeModel(model, input);
        figures = { parameters, macs };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const { setting } = error.parts;
        const place = setting === undefined ? location : locate(id, setting);
        throw new UserError(
          { ...error.parts, what: `${place}: experiment "${id}": ${error.parts.what}` },
          { cause: error },
        );
      }
      known.set(key, figures);
    }
    return figures;
  };
}

/**
 * Turns a manifest into the runs that it needs: their ids and sizes, and the experiments that each serves. Two
 * experiments with the same settings share their runs. Takes time proportional to the number of runs.
 * @throws UserError that names each mistake: a source with too few images, or without a class or a channel, a model that
 * cannot be built, a section that compares experiments on different test images, and what reading the manifest found.
 */
export async function planManifest(
  manifest: Manifest,
  { sources, fingerprint, describeModel, mistakes: found = [] }: PlanOptions,
): Promise<Plan> {
  const datasets = new DatasetPlanner(sources, fingerprint, manifest.locate);
  const figuresOf = figuresOnce(describeModel, manifest.locate);
  const runs = new Map<string, GrowingRun>();
  const experiments: PlannedExperiment[] = [];
  const mistakes = new Mistakes(found);
  for (const experiment of manifest.experiments) {
    const { id, title, group, sweepValues, trial, recipe, evaluation, seeds } = experiment;
    const dataset = await mistakes.attempt(() => datasets.add(experiment));
    if (dataset === undefined) continue;
    await mistakes.attempt(() => requireKnownClasses(experiment, dataset.source.classes));
    await mistakes.attempt(() => requireKnownChannels(experiment, dataset.source.imageShape));
    const { datasetId } = dataset;
    const augmentationId = recipe.augmentation === null ? null : datasets.addViews(dataset, recipe.augmentation);
    const recipeHash = recipeId(datasetId, recipe);
    const input = { imageShape: dataset.source.imageShape, classes: dataset.source.classes.length };
    const figures = await mistakes.attempt(() => figuresOf(experiment, input));
    if (figures === undefined) continue;
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
    const evaluated = isPlain(evaluation) ? {} : { evaluation };
    const point = { id, title, group, sweepValues, ...(trial === undefined ? {} : { trial }) };
    experiments.push({ ...point, recipeId: recipeHash, datasetId, ...evaluated, runIds });
  }
  const plannedDatasets = datasets.planned();
  if (mistakes.all.length === 0)
    await mistakes.attempt(() => requireSameTestImages(manifest, experiments, plannedDatasets, sources));
  if (mistakes.all.length > 0) throw mistakesError(mistakes.all);
  const plan: Omit<Plan, 'planId'> = {
    formatVersion: 1,
    name: manifest.name,
    manifest: { fileName: manifest.fileName, text: manifest.text },
    datasets: plannedDatasets,
    experiments,
    runs: withEvaluations([...runs.values()], experiments),
    report: manifest.report,
    warnings: planWarnings(manifest, experiments, plannedDatasets),
  };
  return { ...plan, planId: planIdOf(plan) };
}
