import type { Interval, Verdict } from '@bakeoff/core';
import { SIGNIFICANCE_LEVEL } from '@bakeoff/statistics';
import { formatCount, formatP, formatPercent, formatPoints } from './format.ts';

/** What both kinds of comparison found; `pairs`: of its kind in the section, corrected for. */
export interface Finding {
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly pairs: number;
}

export interface Side {
  readonly experimentId: string;
  /** Accuracy of the checkpoint, or the recipe's mean. */
  readonly accuracy: number;
  readonly seeds: readonly number[];
}

export function decide({ difference, adjustedPValue }: Pick<Finding, 'difference' | 'adjustedPValue'>): Verdict {
  if (adjustedPValue >= SIGNIFICANCE_LEVEL) return 'noEvidence';
  return difference > 0 ? 'better' : 'worse';
}

function evidence(finding: Finding, test: string): string {
  const { low, high } = finding.interval;
  const corrected =
    finding.pairs === 1
      ? ''
      : `, after Holm's correction over ${formatCount(finding.pairs)} pairs ${formatP(finding.adjustedPValue)}`;
  return `difference ${formatPoints(finding.difference)} points, 95 % interval of this pair alone ${formatPoints(low)} to ${formatPoints(high)}; ${test} ${formatP(finding.pValue)}${corrected}`;
}

/** The verdict on two trained networks in words. */
export function checkpointText(a: Side, b: Side, images: number, finding: Finding): string {
  const seeds = a.seeds[0] === b.seeds[0] ? `seed ${a.seeds[0]}` : `seeds ${a.seeds[0]} and ${b.seeds[0]}`;
  const [nameA, nameB] = [a, b].map(({ experimentId, accuracy }) => `${experimentId} (${formatPercent(accuracy)})`);
  const verdict = decide(finding);
  const claim =
    verdict === 'noEvidence'
      ? `no evidence of a difference at n = ${formatCount(images)} between ${nameA} and ${nameB}`
      : `${nameA} is ${verdict} than ${nameB} at n = ${formatCount(images)}`;
  return `Checkpoints, ${seeds}: ${claim}; ${evidence(finding, 'exact McNemar test')}. This speaks of these two trained networks, not of their recipes.`;
}

/** The verdict on two recipes over their seeds in words. */
export function recipeText(a: Side, b: Side, images: number, finding: Finding): string {
  const [nameA, nameB] = [a, b].map(
    ({ experimentId, accuracy, seeds }) => `${experimentId} (mean ${formatPercent(accuracy)} of ${seeds.length} seeds)`,
  );
  const verdict = decide(finding);
  const claim =
    verdict === 'noEvidence'
      ? `no evidence of a difference at n = ${formatCount(images)} between ${nameA} and ${nameB}`
      : `${nameA} is ${verdict} than ${nameB} at n = ${formatCount(images)}`;
  return `Recipes: ${claim}; ${evidence(finding, 'Welch test')}. This speaks of the recipes over their seeds.`;
}
