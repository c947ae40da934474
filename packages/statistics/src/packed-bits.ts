/** One bit per image, 1 = correct, most significant bit first; the last byte is padded with zeros. */
export function packBits(correct: ArrayLike<number | boolean>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(correct.length / 8));
  for (let image = 0; image < correct.length; image++)
    if (Number(correct[image]) === 1) bits[image >> 3] = bits[image >> 3]! | (0x80 >> (image & 7));
  return bits;
}

/** How many images are classified correctly by both models, only the first, only the second, and neither. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Counts two models' answers to the same `images` from their bits (see `packBits`). */
export function pairedCounts(a: Uint8Array, b: Uint8Array, images: number): PairedCounts {
  let [both, onlyA, onlyB] = [0, 0, 0];
  for (let i = 0; i < Math.ceil(images / 8); i++) {
    const [byteA, byteB] = [a[i]!, b[i]!];
    both += ONES[byteA & byteB]!;
    onlyA += ONES[byteA & ~byteB]!;
    onlyB += ONES[byteB & ~byteA]!;
  }
  return { both, onlyA, onlyB, neither: images - both - onlyA - onlyB };
}
