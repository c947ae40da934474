import { count } from '@bakeoff/statistics/formats';
import type { Manifest, ManifestExperiment } from '../manifest/manifest.ts';
import type { PlannedDataset, PlannedExperiment } from '../types/plan.ts';
import { UserError } from '../user-error.ts';

/** A dataset's test images in words, e.g. `200 test images of synthetic (sourceSeed 1), dataset 8796a5b4c3d2e1f0`. */
export function describeTestImages({
  datasetId,
  config,
  images,
}: Pick<PlannedDataset, 'datasetId' | 'config' | 'images'>): string {
  const details =
    config.source === 'synthetic'
      ? ` (sourceSeed ${config.sourceSeed})`
      : config.source === 'image-folder'
        ? ` (${config.testPath ?? config.path})`
        : '';
  return `${count(images.test)} test images of ${config.source}${details}, dataset ${datasetId}`;
}

/** Two datasets whose texts differ have different test images for certain; of image folders only preparation knows more. */
function certainlyOf({ config, images }: PlannedDataset): string {
  return JSON.stringify([config.source, images.test, config.source === 'synthetic' ? config.sourceSeed : null]);
}

/**
 * Looks for sections of the report that would compare experiments on different test images.
 * @throws UserError at the experiment that does not fit: comparing would refuse it, but only after everything is trained.
 */
export function requireSameTestImages(
  { experiments, report }: Pick<Manifest, 'experiments' | 'report'>,
  planned: readonly PlannedExperiment[],
  datasets: readonly PlannedDataset[],
): void {
  if (new Set(datasets.map(certainlyOf)).size < 2) return;
  const datasetById = new Map(datasets.map((dataset) => [dataset.datasetId, dataset]));
  const datasetOf = new Map(planned.map(({ id, datasetId }) => [id, datasetById.get(datasetId) as PlannedDataset]));
  for (const section of report.sections) {
    const [first, ...others] = section.experiments;
    const expected = datasetOf.get(first ?? '');
    const misfit = others.find(
      (id) => expected !== undefined && certainlyOf(datasetOf.get(id) as PlannedDataset) !== certainlyOf(expected),
    );
    if (first === undefined || expected === undefined || misfit === undefined) continue;
    const { location } = experiments.find(({ id }) => id === misfit) as ManifestExperiment;
    throw new UserError({
      what: `${location}: experiment "${misfit}" has other test images than "${first}", and section "${section.title}" of the report compares the two`,
      received: `"${first}": ${describeTestImages(expected)}; "${misfit}": ${describeTestImages(datasetOf.get(misfit) as PlannedDataset)}`,
      allowed: 'in one section, experiments with the same test images',
      fix: 'put them into different sections (report.sections), or give them the same dataset source',
    });
  }
}
