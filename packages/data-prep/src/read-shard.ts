import { decodeSafetensors, readVerified, UserError, type ShardEntry, type Store } from '@bakeoff/core';
import type { ShardContent } from './write-shards.ts';

/** Reads a shard back. @throws UserError naming the key where it is missing, damaged or no shard. */
export async function readShard(store: Store, entry: ShardEntry): Promise<ShardContent> {
  const { images, labels, ids } = decodeSafetensors(await readVerified(store, entry), entry.key).tensors;
  if (
    !(images?.data instanceof Uint8Array) ||
    !(labels?.data instanceof Uint8Array) ||
    !(ids?.data instanceof Int32Array)
  ) {
    throw new UserError({
      what: `${entry.key} is no shard`,
      allowed: 'tensors images (uint8), labels (uint8) and ids (int32)',
      fix: 'remove the dataset and prepare it again',
    });
  }
  return { images: images.data, labels: labels.data, ids: ids.data };
}
