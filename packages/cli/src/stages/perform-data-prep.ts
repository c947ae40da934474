import { type Plan, plannedAugmentations, type PlannedDataset, type StageContext } from '@bakeoff/core';
import { prepareDataset, prepareViews } from '@bakeoff/data-prep';
import { sourceOptions } from '../plans/source-places.ts';
import { fetchStoredArchive } from './stored-archive.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performDataPrep(
  { dataset }: { dataset: PlannedDataset },
  plan: Plan,
  options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const { config, datasetId, sourceSha256 } = dataset;
  const given = sourceOptions(config, options);
  const archive = given.archive ?? (await fetchStoredArchive(context.store, dataset, options.cacheFolder));
  const index = await prepareDataset(
    { config, datasetId, sourceSha256 },
    { ...given, ...(archive === undefined ? {} : { archive }) },
    context,
  );
  for (const { augmentation, storedBytes } of plannedAugmentations(dataset, plan))
    if (storedBytes > 0) await prepareViews({ index, augmentation }, context);
  const { train, validation, test } = index.splits;
  return { status: 'done', result: { datasetId, train: train.count, validation: validation.count, test: test.count } };
}
