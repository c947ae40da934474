import type { NetworkSize } from './network-size.ts';

/** A network's size at a batch size, and what one of its images took. */
export interface Timed extends NetworkSize {
  readonly batchSize: number;
  readonly seconds: number;
}

type Sized = Omit<Timed, 'seconds'>;

/** What an image takes grows with each of these. */
const features: readonly ((sized: Sized) => number)[] = [
  ({ macs }) => macs,
  ({ activationBytes }) => activationBytes,
  ({ convolutionWeights, batchSize }) => convolutionWeights / batchSize,
];

/** Squares of relative errors below this are rounding. */
const NO_ERROR = 1e-12;

/**
 * Seconds per image by a network's size: the sum of features with weights that are not negative and have the smallest
 * squares of relative errors over the timed networks. With one network, seconds are proportional to MACs.
 */
export function fitSeconds(timed: readonly Timed[]): (sized: Sized) => number {
  const candidates = subsets(features.length)
    .filter((chosen) => chosen.length <= timed.length)
    .flatMap((chosen) => {
      const rows = timed.map((each) => chosen.map((i) => features[i]!(each) / each.seconds));
      const weights = solve(normalMatrix(rows), columnSums(rows));
      if (weights === undefined || weights.some((weight) => !(weight >= 0))) return [];
      const error = rows.reduce((sum, row) => sum + (row.reduce((s, x, i) => s + x * weights[i]!, 0) - 1) ** 2, 0);
      return [{ chosen, weights, error }];
    });
  // Of sets that fit equally well, the smallest.
  const least = Math.min(...candidates.map(({ error }) => error));
  const best = candidates.find(({ error }) => error <= least + NO_ERROR);
  if (best === undefined) throw new RangeError('seconds can be fitted to one or more timed networks');
  return (sized) => best.chosen.reduce((sum, feature, i) => sum + best.weights[i]! * features[feature]!(sized), 0);
}

/** Non-empty sets of the numbers below n, smaller ones first. */
function subsets(n: number): number[][] {
  const all = Array.from({ length: 2 ** n - 1 }, (_, set) =>
    Array.from({ length: n }, (__, i) => i).filter((i) => ((set + 1) >> i) % 2 === 1),
  );
  return all.sort((a, b) => a.length - b.length);
}

function normalMatrix(rows: readonly (readonly number[])[]): number[][] {
  const columns = rows[0]!.map((_, i) => i);
  return columns.map((i) => columns.map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
}

function columnSums(rows: readonly (readonly number[])[]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
}

/** Solves a small system by elimination with row pivots; undefined if it is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < rows.length; column++) {
    const rest = rows.slice(column);
    const pivot = rest.reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    if (pivot[column] === 0) return undefined;
    rows.splice(column, rest.length, pivot, ...rest.filter((row) => row !== pivot));
    rows.forEach((row, i) => {
      if (i === column) return;
      const factor = row[column]! / pivot[column]!;
      row.forEach((_, j) => (row[j] = row[j]! - factor * pivot[j]!));
    });
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
