import type { ComparedExperiment } from './compared-experiment.ts';

/** Up to this many experiments, every pair is compared (780 pairs). With more, each is compared with the baseline. */
const MOST_FOR_ALL_PAIRS = 40;

export interface SectionPairs {
  readonly scheme: 'all' | 'baseline';
  readonly baseline: string | null;
  readonly pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[];
}

/**
 * The pairs of a section: all pairs, in the section's order, or each experiment against the baseline (the named one, or
 * else the first). `experiments` are of different recipes and have evaluated runs.
 */
export function sectionPairs(experiments: readonly ComparedExperiment[], named: string | null): SectionPairs {
  if (experiments.length <= MOST_FOR_ALL_PAIRS) {
    const pairs = experiments.flatMap((a, i) => experiments.slice(i + 1).map((b) => [a, b] as const));
    return { scheme: 'all', baseline: named, pairs };
  }
  const baseline = (experiments.find(({ id }) => id === named) ?? experiments[0])!;
  return {
    scheme: 'baseline',
    baseline: baseline.id,
    pairs: experiments
      .filter((experiment) => experiment !== baseline)
      .map((experiment) => [experiment, baseline] as const),
  };
}
