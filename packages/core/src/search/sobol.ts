import { DIRECTION_NUMBERS } from './direction-numbers.ts';

const BITS = 32;

/** Dimensions that the sequence has here. */
export const SOBOL_DIMENSIONS = DIRECTION_NUMBERS.length + 1;

const reduced = (value: number): number => value >>> 0;

/** The direction numbers of one dimension as 32-bit fractions: that of the lowest bit of a point's index first. */
function directionsOf(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  const [polynomial, initial] = DIRECTION_NUMBERS[dimension - 1] ?? [undefined, []];
  const degree = initial.length;
  for (let k = 0; k < BITS; k++) {
    if (polynomial === undefined) directions[k] = reduced(1 << (BITS - 1 - k));
    else if (k < degree) directions[k] = reduced(initial[k]! << (BITS - 1 - k));
    else {
      let next = directions[k - degree]! ^ (directions[k - degree]! >>> degree);
      for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) next ^= directions[k - i]!;
      directions[k] = reduced(next);
    }
  }
  return directions;
}

const known = new Map<number, Uint32Array>();

/**
 * One coordinate of a point of the Sobol sequence, as a fraction of 2³². Points are in Gray code order (Antonov and
 * Saleev 1979), as in SciPy's and PyTorch's generators, and the first one is the origin. Any first 2^k points are a
 * (t, k, s)-net in base 2: in each elementary interval of volume 2^(t − k) there are 2^t of them.
 * @param index From 0.
 * @param dimension From 0 to `SOBOL_DIMENSIONS` − 1.
 */
export function sobolCoordinate(index: number, dimension: number): number {
  const directions = known.get(dimension) ?? directionsOf(dimension);
  known.set(dimension, directions);
  let gray = reduced(index ^ (index >>> 1));
  let coordinate = 0;
  for (let bit = 0; gray !== 0; bit++, gray >>>= 1) if (gray & 1) coordinate ^= directions[bit]!;
  return reduced(coordinate);
}

function reversedBits(value: number): number {
  let bits = value;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return reduced((bits >>> 16) | (bits << 16));
}

/**
 * Scrambles a coordinate as Owen (1995) does, which keeps the points a net and makes each of them uniform over seeds:
 * whether a bit is flipped depends on the bits above it, here by the hash of S. Laine and T. Karras (2011) with the
 * constants of B. Burley, "Practical Hash-based Owen Scrambling", J. Comput. Graph. Tech. 9 (2020).
 * @param coordinate As a fraction of 2³².
 * @param seed 32 bits; another one for each dimension.
 */
export function owenScramble(coordinate: number, seed: number): number {
  let bits = reversedBits(coordinate);
  bits ^= Math.imul(bits, 0x3d20adea);
  bits = (bits + seed) | 0;
  bits = Math.imul(bits, (seed >>> 16) | 1);
  bits ^= Math.imul(bits, 0x05526c56);
  bits ^= Math.imul(bits, 0x53a22864);
  return reversedBits(reduced(bits));
}
