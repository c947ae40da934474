/** Images both runs have right, only the first, only the second, neither. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

const bits = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Counts from two correctness bitmaps (most significant bit first, base64) over the same `images`. */
export function pairedCounts(a: string, b: string, images: number): PairedCounts {
  const [first, second] = [bits(a), bits(b)];
  const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  for (let i = 0; i < Math.ceil(images / 8); i++) {
    const used = i * 8 + 8 <= images ? 0xff : (0xff << (i * 8 + 8 - images)) & 0xff;
    const [x, y] = [(first[i] ?? 0) & used, (second[i] ?? 0) & used];
    counts.both += ONES[x & y]!;
    counts.onlyA += ONES[x & ~y & used]!;
    counts.onlyB += ONES[~x & y & used]!;
    counts.neither += ONES[~(x | y) & used]!;
  }
  return counts;
}

/** Exact two-sided McNemar p (McNemar 1947): the binomial tail of the discordant pairs at one half, doubled. */
export function mcNemar({ onlyA, onlyB }: PairedCounts): number {
  const n = onlyA + onlyB;
  if (n === 0) return 1;
  // Terms by their logarithms: n reaches thousands, where 2^-n is no number any more.
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * tail);
}
