import type { Plan, PlannedDataset, PlannedRun, StageContext } from '@bakeoff/core';
import { prepareDataset, prepareViews } from '@bakeoff/data-prep';
import { fetchStoredArchive } from './stored-archive.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performDataPrep(
  { dataset }: { dataset: PlannedDataset },
  plan: Plan,
  options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const { config, datasetId, sourceSha256 } = dataset;
  const archive = options.archive ?? (await fetchStoredArchive(context.store, dataset, options.cacheFolder));
  const index = await prepareDataset(
    { config, datasetId, sourceSha256 },
    { archive, cacheFolder: options.cacheFolder },
    context,
  );
  for (const { augmentationId, views } of dataset.augmentations) {
    // Runs that share transforms and seed may ask for fewer views than the dataset needs in all.
    const run = plan.runs.find(
      (candidate: PlannedRun) => candidate.datasetId === datasetId && candidate.augmentationId === augmentationId,
    );
    const augmentation = run?.recipe.augmentation;
    if (!augmentation) throw new Error(`plan ${plan.planId} has no run with augmentation ${augmentationId}`);
    await prepareViews({ index, augmentation: { ...augmentation, views } }, context);
  }
  const { train, validation, test } = index.splits;
  return { status: 'done', result: { datasetId, train: train.count, validation: validation.count, test: test.count } };
}
