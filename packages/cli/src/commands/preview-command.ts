import { writeFile } from 'node:fs/promises';
import { type DatasetIndex, keys, UserError } from '@bakeoff/core';
import { prepareDataset, previewDataset } from '@bakeoff/data-prep';
import type { CommandContext } from './command-context.ts';
import { displayUrl, objectUrl } from '../plans/display-url.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { placesOf, planManifestFile } from '../plans/load-plan.ts';
import { openStore } from '../plans/open-store.ts';
import { sourceOptions } from '../plans/source-places.ts';
import { storeUrl } from '../plans/store-url.ts';
import { formatCount } from '../progress/format.ts';
import { plainStyle } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { StageCommandOptions } from './options.ts';

const listed = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(', ');

/** The training images' means and standard deviations by channel, with pixels in 0…1. */
function channels({ channelMeans, channelStandardDeviations }: DatasetIndex): string {
  return `means ${listed(channelMeans)}; standard deviations ${listed(channelStandardDeviations)}`;
}

/** The dataset in lines: images by class and split, statistics, and how many findings there are. */
function describeDataset(index: DatasetIndex): string[] {
  const { splits, classes, findings, imageShape } = index;
  const [height, width, depth] = imageShape;
  const { train, validation, test } = splits;
  const all = [train, validation, test];
  const rows = classes.map((name, label) => [
    String(label),
    name,
    ...all.map(({ countsPerClass }) => formatCount(countsPerClass[label] ?? 0)),
  ]);
  const columns = [right('#'), left('class'), right('train'), right('validation'), right('test')];
  return [
    ...formatTable(columns, [...rows, ['', 'all', ...all.map(({ count }) => formatCount(count))]], plainStyle.dim),
    '',
    `images: ${height}×${width}, ${depth} ${depth === 1 ? 'channel' : 'channels'}; ${channels(index)}`,
    // Preparing the dataset has said each of them.
    findings.length === 0 ? 'findings: none' : `findings: ${findings.length}, the warnings above`,
  ];
}

/**
 * `bakeoff data-prep MANIFEST --preview FILE`: what a dataset holds, and a contact sheet of its training images; with
 * their views for the first augmentation of the manifest, if it has one.
 */
export async function previewCommand(
  manifest: string | undefined,
  file: string,
  options: StageCommandOptions,
  context: CommandContext,
): Promise<number> {
  if (manifest === undefined)
    throw new UserError({
      what: 'a preview needs a manifest',
      received: '--preview without a manifest',
      fix: 'bakeoff data-prep MANIFEST --preview out.png',
    });
  const plan = await planManifestFile(manifest, options, context);
  const augmented = plan.runs.find(({ recipe }) => recipe.augmentation !== null);
  const dataset = plan.datasets.find(({ datasetId }) => datasetId === augmented?.datasetId) ?? plan.datasets[0]!;
  const store = await openStore(storeUrl(options));
  const { config, datasetId, sourceSha256 } = dataset;
  const index = await prepareDataset(
    { config, datasetId, sourceSha256 },
    sourceOptions(config, placesOf(options, manifest)),
    { store, log: context.log, signal: context.signal, clock: context.clock },
  );
  const augmentation = augmented?.recipe.augmentation ?? null;
  const { png, width, height, views } = await previewDataset({ index, augmentation }, { store });
  await writePicture(file, png);
  const shown =
    augmented === undefined
      ? `${config.source}: up to ten training images of each class`
      : `${augmented.experiments.join(', ')}: originals on the left, then ${views === 1 ? 'view 1' : `views 1 to ${views}`}`;
  const lines = [
    ...describeDataset(index),
    `dataset: ${objectUrl(store.url, keys.datasetIndex(datasetId))}`,
    `preview: ${displayUrl(file)} (${shown}; ${width}×${height} pixels)`,
  ];
  context.output.write(`${lines.join('\n')}\n`);
  return ExitCode.done;
}

async function writePicture(file: string, picture: Uint8Array): Promise<void> {
  try {
    await writeFile(file, picture);
  } catch (error) {
    throw new UserError(
      {
        what: 'the preview cannot be written',
        received: `${file} (${(error as NodeJS.ErrnoException).code})`,
        fix: 'name a file in an existing folder that you can write to',
      },
      { cause: error },
    );
  }
}
