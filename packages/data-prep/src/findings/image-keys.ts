import type { Pixels } from '../sources/pixels.ts';

/** Multipliers of the two lanes: those of MurmurHash3 (Appleby 2011), x86_32 and the first of x86_128. */
const LANES = [0xcc9e2d51 | 0, 0x1b873593, 0x239b961b, 0xab0e9789 | 0] as const;

function finish(hash: number, bytes: number): number {
  let h = hash ^ bytes;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 53-bit hash of whole words: two lanes of MurmurHash3, because one has only 32 bits. */
function keyOf(words: Uint32Array): number {
  const [multiplyA, thenA, multiplyB, thenB] = LANES;
  let [a, b] = [0, 0x9747b28c | 0];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]! | 0;
    let mixed = Math.imul(word, multiplyA);
    a ^= Math.imul((mixed << 15) | (mixed >>> 17), thenA);
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    mixed = Math.imul(word, multiplyB);
    b ^= Math.imul((mixed << 16) | (mixed >>> 16), thenB);
    b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b) | 0;
  }
  return (finish(a, words.byteLength) >>> 11) * 2 ** 32 + finish(b, words.byteLength);
}

/**
 * A 53-bit key of each image's pixels, by which equal images are found. Of 60,000 different images, any two share a key
 * with a probability of 2·10⁻⁷.
 */
export function imageKeys(images: Pixels): Float64Array {
  let padded = new Uint32Array(0);
  return Float64Array.from({ length: images.count }, (_, id) => {
    const image = images.image(id);
    if (image.length % 4 === 0 && image.byteOffset % 4 === 0)
      return keyOf(new Uint32Array(image.buffer, image.byteOffset, image.length / 4));
    if (padded.length === 0) padded = new Uint32Array(Math.ceil(image.length / 4));
    new Uint8Array(padded.buffer).set(image);
    return keyOf(padded);
  });
}
