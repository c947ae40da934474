/** Below this, Stirling's series up to the term in x⁻¹¹ does not reach double precision. */
const SERIES_FROM = 16;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/** ln Γ(x + 1) − ln(√(2πx) (x/e)ˣ) for x ≥ 16 (Abramowitz and Stegun 6.1.41). */
function stirlingSeries(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / x;
}

/**
 * ln Γ(x) for x > 0, with an absolute error below 1e-14 for x < 16 and a relative error near double precision above.
 */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < SERIES_FROM; shifted++) product *= shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + stirlingSeries(shifted) - Math.log(product);
}

/** The error of Stirling's formula, ln n! − ln(√(2πn) (n/e)ⁿ), for whole n ≥ 1. */
export function stirlingError(n: number): number {
  if (n >= SERIES_FROM) return stirlingSeries(n);
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - HALF_LOG_TWO_PI;
}
