import type { CheckpointComparison } from '@bakeoff/core';
import { decideVerdict, holmCorrection, mcnemarExact, pairedCounts, tangoInterval } from '@bakeoff/statistics';
import { checkpointPair, type ComparedExperiment } from './compared-experiment.ts';

/**
 * Exact McNemar tests of the pairs' checkpoints on the same images, with Tango's interval. P-values are Holm-corrected
 * over the pairs.
 */
export function compareCheckpoints(
  pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[],
): CheckpointComparison[] {
  const tests = pairs.map(([a, b]) => {
    const [runA, runB] = checkpointPair(a, b);
    const { images } = runA;
    const counts = pairedCounts(runA.correctness, runB.correctness, images);
    return {
      kind: 'checkpoints' as const,
      a: { experimentId: a.id, runId: runA.runId },
      b: { experimentId: b.id, runId: runB.runId },
      images,
      counts,
      difference: (counts.onlyA - counts.onlyB) / images,
      interval: tangoInterval(counts.onlyA, counts.onlyB, images),
      pValue: mcnemarExact(counts.onlyA, counts.onlyB),
    };
  });
  const adjusted = holmCorrection(tests.map(({ pValue }) => pValue));
  return tests.map((test, i) => {
    const adjustedPValue = adjusted[i]!;
    return { ...test, adjustedPValue, verdict: decideVerdict(test.difference, adjustedPValue) };
  });
}
