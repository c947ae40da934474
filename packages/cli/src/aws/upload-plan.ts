import { localPaths, sourceOf } from '@bakeoff/data-prep/sources';
import type { SourcePlaces } from '../plans/source-places.ts';
import { storeArchive } from '../stages/stored-archive.ts';
import { keys, type Plan, readJson, type Store, UserError, writePlan, datasetIndexSchema } from '@bakeoff/core';

/**
 * Uploads a plan, and the archives it was made with if there are any, to where jobs look for them.
 * @throws UserError if the plan needs images that only this machine has
 */
export async function uploadPlan(
  store: Store,
  plan: Plan,
  places: Pick<SourcePlaces, 'archives' | 'folder'>,
): Promise<void> {
  await refuseLocalImages(store, plan, places.folder);
  for (const { config, sourceSha256 } of plan.datasets) {
    const path = places.archives[config.source];
    // The plan was made with this archive, so the source's digest is the archive's.
    if (path !== undefined && sourceOf(config).hasArchive) await storeArchive(store, sourceSha256, path);
  }
  await writePlan(store, plan);
}

/** Jobs can reach the official archive and the store, but no folder of this machine. */
async function refuseLocalImages(store: Store, { datasets }: Plan, base: string | undefined): Promise<void> {
  for (const { datasetId, config } of datasets) {
    const [folder] = localPaths(config, base);
    if (folder === undefined || (await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) !== undefined)
      continue;
    throw new UserError({
      what: `dataset ${datasetId} is made from a folder that jobs on AWS cannot read`,
      received: folder,
      fix: `prepare it on this machine, then submit again: bakeoff data-prep MANIFEST --store ${store.url}`,
    });
  }
}
