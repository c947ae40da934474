import { count } from '@bakeoff/statistics/formats';
import type { Manifest } from '../manifest/manifest.ts';
import type { Sources } from '../manifest/vocabulary.ts';
import type { PlannedDataset, PlannedExperiment } from '../records/plan-records.ts';
import { UserError } from '../user-error.ts';

/** A dataset's test images in words, e.g. `200 test images of synthetic (sourceSeed 1), dataset 8796a5b4c3d2e1f0`. */
export function describeTestImages(
  { datasetId, config, images }: Pick<PlannedDataset, 'datasetId' | 'config' | 'images'>,
  sources: Sources,
): string {
  const { paths = [], testSettings = [] } = sources[config.source] ?? {};
  const path = paths.findLast((name) => config[name] !== undefined);
  const details = [
    ...testSettings.map((name) => `${name} ${written(config[name])}`),
    ...(path === undefined ? [] : [written(config[path])]),
  ];
  const aside = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return `${count(images.test)} test images of ${config.source}${aside}, dataset ${datasetId}`;
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * Two datasets whose texts differ certainly have different test images. If the texts of image folders are equal, only
 * preparation can tell.
 */
function certainlyOf({ config, images }: PlannedDataset, sources: Sources): string {
  const settings = sources[config.source]?.testSettings ?? [];
  return JSON.stringify([config.source, images.test, ...settings.map((name) => config[name])]);
}

/**
 * Looks for sections of the report that would compare experiments on different test images.
 * @throws UserError naming the experiment that does not fit. Comparison would refuse it too, but only after all
 * training.
 */
export function requireSameTestImages(
  { experiments, report }: Pick<Manifest, 'experiments' | 'report'>,
  planned: readonly PlannedExperiment[],
  datasets: readonly PlannedDataset[],
  sources: Sources,
): void {
  const certainly = (dataset: PlannedDataset) => certainlyOf(dataset, sources);
  if (new Set(datasets.map(certainly)).size < 2) return;
  const datasetById = new Map(datasets.map((dataset) => [dataset.datasetId, dataset]));
  const datasetOf = new Map(planned.map(({ id, datasetId }) => [id, datasetById.get(datasetId)!]));
  for (const section of report.sections) {
    const [first, ...others] = section.experiments;
    const expected = datasetOf.get(first ?? '');
    const misfit = others.find((id) => expected !== undefined && certainly(datasetOf.get(id)!) !== certainly(expected));
    if (first === undefined || expected === undefined || misfit === undefined) continue;
    const { location } = experiments.find(({ id }) => id === misfit)!;
    throw new UserError({
      what: `${location}: experiment "${misfit}" has different test images from "${first}", but section "${section.title}" of the report compares the two`,
      received: `"${first}": ${describeTestImages(expected, sources)}; "${misfit}": ${describeTestImages(datasetOf.get(misfit)!, sources)}`,
      allowed: 'experiments with the same test images in one section',
      fix: 'put them into different sections (report.sections), or give them the same dataset source',
    });
  }
}
