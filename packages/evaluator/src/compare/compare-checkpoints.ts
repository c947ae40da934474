import type { CheckpointComparison } from '@bakeoff/core';
import { decideVerdict, holmCorrection, mcnemarExact, pairedCounts, tangoInterval } from '@bakeoff/statistics';
import { checkpointPair, type ComparedExperiment } from './compared-experiment.ts';

/**
 * The exact McNemar test of the pair's checkpoints on the same images, with Tango's interval: whether these two trained
 * models differ over the images that might have been, which says nothing of other seeds.
 */
export function testCheckpoints(
  a: ComparedExperiment,
  b: ComparedExperiment,
): Omit<CheckpointComparison, 'adjustedPValue' | 'verdict'> {
  const [runA, runB] = checkpointPair(a, b);
  const { images } = runA;
  const counts = pairedCounts(runA.correctness, runB.correctness, images);
  return {
    kind: 'checkpoints',
    a: { experimentId: a.id, runId: runA.runId },
    b: { experimentId: b.id, runId: runB.runId },
    images,
    counts,
    difference: (counts.onlyA - counts.onlyB) / images,
    interval: tangoInterval(counts.onlyA, counts.onlyB, images),
    pValue: mcnemarExact(counts.onlyA, counts.onlyB),
  };
}

/** Tests the checkpoints of the pairs; p-values are Holm-corrected over the pairs. */
export function compareCheckpoints(
  pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[],
): CheckpointComparison[] {
  const tests = pairs.map(([a, b]) => testCheckpoints(a, b));
  const adjusted = holmCorrection(tests.map(({ pValue }) => pValue));
  return tests.map((test, i) => {
    const adjustedPValue = adjusted[i]!;
    return { ...test, adjustedPValue, verdict: decideVerdict(test, adjustedPValue) };
  });
}
