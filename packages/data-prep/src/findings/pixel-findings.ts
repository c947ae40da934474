import { type Finding, imageBytes, type ImageShape } from '@bakeoff/core';
import type { ExaminedSplit } from './examined-split.ts';

/** The highest value of 12 bits stored in 16, when these are reduced to 8: 4095 >> 8. */
const NEARLY_BLACK = 15;

/** Whether every pixel has the first one's color; looks at no more of them than it has to. */
function isConstant(images: Uint8Array, from: number, to: number, channels: number): boolean {
  for (let i = from + channels; i < to; i++) if (images[i] !== images[i - channels]) return false;
  return true;
}

function isNearlyBlack(images: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (images[i]! > NEARLY_BLACK) return false;
  return true;
}

/** Images of one color, and images that are nearly black. */
export function pixelFindings(splits: readonly ExaminedSplit[], imageShape: ImageShape): Finding[] {
  const bytes = imageBytes(imageShape);
  let [constant, black, of] = [0, 0, 0];
  for (const { set, ids } of splits) {
    of += ids.length;
    for (const id of ids) {
      const [from, to] = [id * bytes, (id + 1) * bytes];
      if (isConstant(set.images, from, to, imageShape[2])) constant++;
      else if (isNearlyBlack(set.images, from, to)) black++;
    }
  }
  return [
    ...(constant === 0 ? [] : [{ kind: 'constantImages' as const, images: constant, of }]),
    ...(black === 0 ? [] : [{ kind: 'nearlyBlackImages' as const, images: black, of, limit: NEARLY_BLACK }]),
  ];
}
