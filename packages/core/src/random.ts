const GOLDEN = 0x9e3779b9;

/** murmur3's 32-bit finalizer: each input bit changes each output bit with a probability of nearly one half. */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function absorb(state: number, text: string): number {
  let h = mix(state ^ GOLDEN);
  for (let i = 0; i < text.length; i++) h = mix(Math.imul(h, 31) + text.charCodeAt(i));
  return h;
}

/**
 * A seeded, splittable stream of random numbers: `split` derives an independent stream by name, so that every consumer
 * (shuffle of epoch 3, initial weights of a layer, augmentation of an image) is a pure function of the seed and its own
 * name. The generator is sfc32 (PractRand's small fast counter generator), 32 bits per call. Not for secrets.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;
  private readonly key: readonly [number, number];

  constructor(seed: number | readonly [number, number]) {
    this.key = typeof seed === 'number' ? [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] : seed;
    this.a = this.key[0];
    this.b = this.key[1];
    this.c = 0;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An independent stream named by the path; equal paths give equal streams, no matter how much this one was used. */
  split(...path: readonly (string | number)[]): Random {
    // Kind and length precede each part, so that different paths give different names.
    const name = path.map((part) => `${typeof part === 'number' ? 'n' : 's'}${String(part).length}:${part}`).join('/');
    return new Random([
      absorb(this.key[0], `${this.key[1]}:${name}`),
      absorb(this.key[1] ^ 0x5bd1e995, `${name}:${this.key[0]}`),
    ]);
  }

  /** An integer in 0 … 2³²−1. */
  uint32(): number {
    const t = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** An integer in 0 … n−1, without modulo bias (rejection); n is 1 … 2³². */
  integer(n: number): number {
    if (!(n >= 1 && n <= 2 ** 32)) throw new RangeError(`no integers below ${n}`);
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % n;
    }
  }

  /** Standard normal, by the Box–Muller transform (basic form, not polar). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** 0 … n−1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }
}
