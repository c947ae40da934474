import { viewsAreStored } from '../augmentation/index.ts';
import type { AugmentationConfig } from '../manifest/augmentation-schema.ts';
import type { Plan, PlannedDataset } from '../records/plan-records.ts';

export interface PlannedAugmentation {
  readonly augmentationId: string;
  /** With as many views as the run that needs the most. */
  readonly augmentation: AugmentationConfig;
  /** Of its views in the store; 0: they are made while a run trains, and never stored. */
  readonly storedBytes: number;
}

/** The augmentations of a dataset's runs. */
export function plannedAugmentations(
  { datasetId, augmentations }: PlannedDataset,
  { planId, runs }: Pick<Plan, 'planId' | 'runs'>,
): PlannedAugmentation[] {
  return augmentations.map(({ augmentationId, views, bytes }) => {
    const run = runs.find((each) => each.datasetId === datasetId && each.augmentationId === augmentationId);
    const augmentation = run?.recipe.augmentation;
    if (!augmentation) throw new Error(`plan ${planId} has no run with augmentation ${augmentationId}`);
    const storedBytes = viewsAreStored(augmentation) ? bytes : 0;
    return { augmentationId, augmentation: { ...augmentation, views }, storedBytes };
  });
}
