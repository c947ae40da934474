import type { CheckpointComparison } from '@bakeoff/core';
import { holmCorrection, mcnemarExact, tangoInterval } from '@bakeoff/statistics';
import { checkpointPair, type ComparedExperiment } from './compared-experiment.ts';
import type { EvaluatedRun } from './evaluated-runs.ts';
import { checkpointText, decide } from './verdict.ts';

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function countPairs(a: EvaluatedRun, b: EvaluatedRun): CheckpointComparison['counts'] {
  let both = 0;
  let onlyA = 0;
  let onlyB = 0;
  a.correctness.forEach((byteA, i) => {
    const byteB = b.correctness[i] as number;
    both += ONES[byteA & byteB] as number;
    onlyA += ONES[byteA & ~byteB] as number;
    onlyB += ONES[byteB & ~byteA] as number;
  });
  return { both, onlyA, onlyB, neither: a.images - both - onlyA - onlyB };
}

/** Exact McNemar tests of the pairs' checkpoints on the same images, with Tango's interval, Holm-corrected over the pairs. */
export function compareCheckpoints(
  pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[],
): CheckpointComparison[] {
  const tests = pairs.map(([a, b]) => {
    const [runA, runB] = checkpointPair(a, b);
    const counts = countPairs(runA, runB);
    const difference = (counts.onlyA - counts.onlyB) / runA.images;
    const interval = tangoInterval(counts.onlyA, counts.onlyB, runA.images);
    return { a, b, runA, runB, counts, difference, interval, pValue: mcnemarExact(counts.onlyA, counts.onlyB) };
  });
  const adjusted = holmCorrection(tests.map(({ pValue }) => pValue));
  return tests.map(({ a, b, runA, runB, counts, difference, interval, pValue }, i) => {
    const finding = { difference, interval, pValue, adjustedPValue: adjusted[i] as number, pairs: tests.length };
    const sideA = { experimentId: a.id, accuracy: runA.accuracy, seeds: [runA.seed] };
    const sideB = { experimentId: b.id, accuracy: runB.accuracy, seeds: [runB.seed] };
    return {
      kind: 'checkpoints',
      a: { experimentId: a.id, runId: runA.runId },
      b: { experimentId: b.id, runId: runB.runId },
      images: runA.images,
      counts,
      difference,
      interval,
      pValue,
      adjustedPValue: finding.adjustedPValue,
      verdict: decide(finding),
      text: checkpointText(sideA, sideB, runA.images, finding),
    };
  });
}
