import type { Finding, ImageShape } from '@bakeoff/core';
import type { ExaminedSplit } from './examined-split.ts';

/** The highest value of 12 bits stored in 16, when these are reduced to 8: 4095 >> 8. */
const NEARLY_BLACK = 15;

/** Whether every pixel has the first one's color; looks at no more of them than it has to. */
function isConstant(image: Uint8Array, channels: number): boolean {
  for (let i = channels; i < image.length; i++) if (image[i] !== image[i - channels]) return false;
  return true;
}

function isNearlyBlack(image: Uint8Array): boolean {
  return image.every((value) => value <= NEARLY_BLACK);
}

/** Images of one color, and images that are nearly black. */
export function pixelFindings(splits: readonly ExaminedSplit[], [, , channels]: ImageShape): Finding[] {
  let [constant, black, of] = [0, 0, 0];
  for (const { set, ids } of splits) {
    of += ids.length;
    for (const id of ids) {
      const image = set.images.image(id);
      if (isConstant(image, channels)) constant++;
      else if (isNearlyBlack(image)) black++;
    }
  }
  return [
    ...(constant === 0 ? [] : [{ kind: 'constantImages' as const, images: constant, of }]),
    ...(black === 0 ? [] : [{ kind: 'nearlyBlackImages' as const, images: black, of, limit: NEARLY_BLACK }]),
  ];
}
