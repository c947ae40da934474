import { createHash } from 'node:crypto';
import type { LoadedSplit } from '@bakeoff/model';

/**
 * SHA-256 over ids (int32, little-endian), labels and pixels of a split, in its order. The pixels are needed because
 * generated datasets number their images and classes in the same way, whatever the images show.
 */
export function splitDigest({ ids, labels, images }: LoadedSplit): string {
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
  return createHash('sha256').update(bytes).update(labels).update(images).digest('hex');
}
