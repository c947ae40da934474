import { stirlingError } from './gamma.ts';

/**
 * x ln(x/m) + m − x without the cancellation where x is near m (Loader 2000, "Fast and accurate computation of binomial
 * probabilities").
 */
function devianceTerm(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let j = 1; ; j++) {
    power *= ratio * ratio;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * P(X = k) of a binomial with n trials and probability ½, by Loader's saddle-point expansion: relative error near
 * double precision at any n.
 */
function binomialHalf(k: number, n: number): number {
  if (k === 0) return 2 ** -n;
  const rest = n - k;
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(rest) - devianceTerm(k, n / 2) - devianceTerm(rest, n / 2);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest));
}

/**
 * Exact McNemar test: the two-sided p-value of the binomial on the discordant pairs, twice the smaller tail and at most
 * 1. Exact at every count, not only at small ones. The tail's terms fall quickly, so thousands of pairs take
 * microseconds.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const k = Math.min(onlyA, onlyB);
  if (2 * k === n) return 1;
  let tail = 1;
  let term = 1;
  for (let i = k; i > 0 && term > (tail * Number.EPSILON) / 4; i--) {
    term *= i / (n - i + 1);
    tail += term;
  }
  return Math.min(1, 2 * binomialHalf(k, n) * tail);
}
