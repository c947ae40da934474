/** Multipliers of the two lanes: those of MurmurHash3 (Appleby 2011), x86_32 and the first of x86_128. */
const LANES = [0xcc9e2d51 | 0, 0x1b873593, 0x239b961b, 0xab0e9789 | 0] as const;

function finish(hash: number, bytes: number): number {
  let h = hash ^ bytes;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 53-bit hash of whole words: two lanes of MurmurHash3, because one has only 32 bits. */
function keyOf(words: Uint32Array, from: number, to: number): number {
  const [multiplyA, thenA, multiplyB, thenB] = LANES;
  let [a, b] = [0, 0x9747b28c | 0];
  for (let i = from; i < to; i++) {
    const word = words[i]! | 0;
    let mixed = Math.imul(word, multiplyA);
    a ^= Math.imul((mixed << 15) | (mixed >>> 17), thenA);
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    mixed = Math.imul(word, multiplyB);
    b ^= Math.imul((mixed << 16) | (mixed >>> 16), thenB);
    b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b) | 0;
  }
  const bytes = (to - from) * 4;
  return (finish(a, bytes) >>> 11) * 2 ** 32 + finish(b, bytes);
}

/**
 * A 53-bit key of each image's pixels, by which equal images are found. Of 60,000 different images, any two share a key
 * with a probability of 2·10⁻⁷.
 * @param images uint8 [n, height, width, channels]
 * @param bytes Of one image.
 */
export function imageKeys(images: Uint8Array, bytes: number): Float64Array {
  const keys = new Float64Array(images.length / bytes);
  const words = Math.ceil(bytes / 4);
  if (bytes % 4 === 0 && images.byteOffset % 4 === 0) {
    const all = new Uint32Array(images.buffer, images.byteOffset, images.length / 4);
    for (let i = 0; i < keys.length; i++) keys[i] = keyOf(all, i * words, (i + 1) * words);
    return keys;
  }
  const one = new Uint32Array(words);
  const padded = new Uint8Array(one.buffer);
  for (let i = 0; i < keys.length; i++) {
    padded.set(images.subarray(i * bytes, (i + 1) * bytes));
    keys[i] = keyOf(one, 0, words);
  }
  return keys;
}
