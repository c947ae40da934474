import { writeFile } from 'node:fs/promises';
import { UserError } from '@bakeoff/core';
import { prepareDataset, previewViews } from '@bakeoff/data-prep';
import type { CommandContext } from './command-context.ts';
import { displayUrl } from '../plans/display-url.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { planManifestFile } from '../plans/load-plan.ts';
import { openStore } from '../plans/open-store.ts';
import { storeUrl } from '../plans/store-url.ts';
import type { StageCommandOptions } from './options.ts';

/**
 * `bakeoff data-prep MANIFEST --preview FILE`: a contact sheet of training images and their views, for the first
 * augmentation of the manifest.
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
  const run = plan.runs.find(({ recipe }) => recipe.augmentation !== null);
  const dataset = plan.datasets.find(({ datasetId }) => datasetId === run?.datasetId);
  if (run === undefined || run.recipe.augmentation === null || dataset === undefined)
    throw new UserError({
      what: 'there is nothing to preview',
      received: `${manifest} has no experiment with augmentation`,
      fix: 'add augmentation: { transforms: [...] } to an experiment',
    });
  const store = await openStore(storeUrl(options));
  const { config, datasetId, sourceSha256 } = dataset;
  const index = await prepareDataset(
    { config, datasetId, sourceSha256 },
    { archive: options.archive, cacheFolder: options.cache },
    { store, log: context.log, signal: context.signal, clock: context.clock },
  );
  await writePicture(file, await previewViews({ index, augmentation: run.recipe.augmentation }, { store }));
  context.output.write(
    `preview: ${displayUrl(file)} (${run.experiments.join(', ')}: originals on the left, then views 1 to 9)\n`,
  );
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
