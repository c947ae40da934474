import { type DatasetIndex, imageBytes, readShard, type Store } from '@bakeoff/core';
import { encodePng } from '@bakeoff/core/png';
import { cleanText } from '../text/clean-text.ts';
import type { DatasetSamples } from './report-data.ts';

/** Images [n, height, width, channels] side by side: [height, n · width, channels]. */
function sideBySide(images: Uint8Array, n: number, height: number, rowBytes: number): Uint8Array {
  const strip = new Uint8Array(images.length);
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * rowBytes;
      strip.set(images.subarray(from, from + rowBytes), (y * n + i) * rowBytes);
    }
  }
  return strip;
}

/**
 * The samples of a dataset as pictures, one per class; null if it has none, or if they were removed from the store.
 * @throws UserError if they are damaged.
 */
export async function readSamples(store: Store, index: DatasetIndex): Promise<DatasetSamples | null> {
  const { samples, classes, datasetId } = index;
  if (samples === null || (await store.getRange(samples.shard.key, 0, 1)) === undefined) return null;
  const { imageShape } = samples;
  const { images, labels } = await readShard(store, samples.shard, { datasetId, imageShape }, ['images', 'labels']);
  const [height, width, channels] = imageShape;
  const bytes = imageBytes(imageShape);
  const present = classes.flatMap((name, label) => {
    const first = labels.indexOf(label);
    if (first < 0) return [];
    const count = labels.filter((each) => each === label).length;
    const strip = sideBySide(images.subarray(first * bytes, (first + count) * bytes), count, height, width * channels);
    const png = Buffer.from(encodePng(strip, [height, width * count, channels])).toString('base64');
    return [{ name: cleanText(name), count, png }];
  });
  return { width, height, classes: present };
}
