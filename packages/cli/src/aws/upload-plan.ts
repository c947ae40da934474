import { readFile } from 'node:fs/promises';
import { localPaths, sourceOf } from '@bakeoff/data-prep/sources';
import { keys, type Plan, readJson, type Store, UserError, writePlan, datasetIndexSchema } from '@bakeoff/core';

/**
 * Uploads a plan, and the archive it was made with if there is one, to where jobs look for them.
 * @throws UserError if the plan needs images that only this machine has, or settings that jobs do not support
 */
export async function uploadPlan(store: Store, plan: Plan, archive: string | undefined): Promise<void> {
  await refuseLocalImages(store, plan);
  refuseReplicas(plan);
  // The plan was made with this archive, so the source's digest is the archive's.
  const digests = new Set(
    plan.datasets.filter(({ config }) => sourceOf(config).hasArchive).map(({ sourceSha256 }) => sourceSha256),
  );
  for (const sha256 of archive === undefined ? [] : digests) {
    const key = keys.sourceArchive(sha256);
    if ((await store.getRange(key, 0, 1)) === undefined) await store.putIfAbsent(key, await readFile(archive!));
  }
  await writePlan(store, plan);
}

/** Jobs can reach the official archive and the store, but no folder of this machine. */
async function refuseLocalImages(store: Store, { datasets }: Plan): Promise<void> {
  for (const { datasetId, config } of datasets) {
    const [folder] = localPaths(config);
    if (folder === undefined || (await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) !== undefined)
      continue;
    throw new UserError({
      what: `dataset ${datasetId} is made from a folder that jobs on AWS cannot read`,
      received: folder,
      fix: `prepare it on this machine, then submit again: bakeoff data-prep MANIFEST --store ${store.url}`,
    });
  }
}

/** A job trains on one GPU, whose engine uses the whole device for one network, or on one vCPU. */
function refuseReplicas({ runs }: Plan): void {
  const asking = runs.filter(({ recipe }) => recipe.replicas > 1);
  const [first] = asking;
  if (first === undefined) return;
  throw new UserError({
    what: `${asking.length === 1 ? 'a run asks' : `${asking.length} runs ask`} for replicas, which jobs on AWS do not support: they train on one GPU or one vCPU`,
    received: `${first.experiments.join(', ')}: replicas: ${first.recipe.replicas}`,
    allowed: 'replicas: 1',
    fix: 'set replicas to 1, or run the manifest on a machine with several cores: bakeoff run MANIFEST --engine wasm',
  });
}
