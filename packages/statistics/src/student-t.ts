import { CONFIDENCE_LEVEL, SIGNIFICANCE_LEVEL } from './confidence.ts';
import { logGamma } from './gamma.ts';

const TINY = 1e-300;

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by the modified Lentz method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let fraction = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || TINY);
    c = 1 + even / c || TINY;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || TINY);
    c = 1 + odd / c || TINY;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2 * Number.EPSILON || m > 100_000) return fraction;
  }
}

/**
 * P(|T| ≥ |t|) of Student's t with df > 0 degrees of freedom (not necessarily whole): the incomplete beta function at
 * df/(df + t²).
 */
export function studentTwoSided(t: number, df: number): number {
  if (t === 0) return 1;
  const a = df / 2;
  const b = 0.5;
  const ratio = (t * t) / df;
  const logX = -Math.log1p(ratio);
  const complement = ratio / (1 + ratio);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const factor = Math.exp(a * logX + b * Math.log(complement) - logBeta);
  const x = 1 / (1 + ratio);
  if (x < (a + 1) / (a + b + 2)) return (factor * betaFraction(a, b, x)) / a;
  return 1 - (factor * betaFraction(b, a, complement)) / b;
}

/**
 * The t with P(|T| ≥ t) = 5 %: half the width of a 95 % interval in standard errors. Bisection down to neighboring
 * doubles.
 */
export function studentQuantile(df: number): number {
  const known = quantiles.get(df) ?? searchQuantile(df);
  if (Number.isInteger(df)) quantiles.set(df, known);
  return known;
}

/** Of whole degrees of freedom, which are asked for again with every recipe. */
const quantiles = new Map<number, number>();

function searchQuantile(df: number): number {
  const alpha = 1 - CONFIDENCE_LEVEL;
  let high = 2;
  while (studentTwoSided(high, df) > alpha) high *= 2;
  let low = high === 2 ? 1 : high / 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTwoSided(middle, df) > alpha) low = middle;
    else high = middle;
  }
}

/** With more degrees of freedom, t is taken for normal. */
export const MOST_DEGREES = 1e5;

/** The degrees of freedom, between 1 and `MOST_DEGREES`, at which `studentQuantile` is nearest to `quantile`. */
export function degreesOfQuantile(quantile: number): number {
  if (studentTwoSided(quantile, MOST_DEGREES) >= SIGNIFICANCE_LEVEL) return MOST_DEGREES;
  let [low, high] = [1, MOST_DEGREES];
  while (high - low > 1e-12 * low) {
    const middle = Math.sqrt(low * high);
    if (studentTwoSided(quantile, middle) > SIGNIFICANCE_LEVEL) low = middle;
    else high = middle;
  }
  return low;
}
