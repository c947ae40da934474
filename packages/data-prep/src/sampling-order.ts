import type { Random } from '@bakeoff/core';

function countLabels(labels: Uint8Array, classCount: number): Int32Array {
  const counts = new Int32Array(classCount);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return counts;
}

/**
 * A seeded order of the images 0 … n−1 of which every beginning and every end is a random sample. If stratified, the
 * sample has the classes in the proportions of the whole.
 *
 * For a stratified order, the image that is the r-th of its class's n_c (in random order) is placed at (r + ½) / n_c.
 * This is Webster's apportionment: a beginning of any length has exactly the requested number of images and each
 * class's share to within one image, and a longer beginning contains every shorter one.
 */
export function samplingOrder(labels: Uint8Array, classCount: number, stratified: boolean, random: Random): Int32Array {
  const shuffled = random.split('images').permutation(labels.length);
  if (!stratified) return shuffled;
  const counts = countLabels(labels, classCount);
  const classPlaces = random.split('classes').permutation(classCount);
  const ranks = new Int32Array(classCount);
  const places = new Float64Array(labels.length);
  for (const id of shuffled) {
    const label = labels[id]!;
    const rank = ranks[label]!;
    ranks[label] = rank + 1;
    places[id] = (rank + 0.5) / counts[label]!;
  }
  return shuffled.sort((a, b) => places[a]! - places[b]! || classPlaces[labels[a]!]! - classPlaces[labels[b]!]!);
}
