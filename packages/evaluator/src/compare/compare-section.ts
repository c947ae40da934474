import type { ReportSection, SectionComparison } from '@bakeoff/core';
import { compareCheckpoints } from './compare-checkpoints.ts';
import { compareRecipes, summarizeRecipe } from './compare-recipes.ts';
import { type ComparedExperiment, distinctRecipes, FEWEST_SEEDS, sectionExperiments } from './compared-experiment.ts';
import type { ComparedPlan } from './compared-plan.ts';
import { requireSameTestSet } from './same-test-set.ts';
import { type SectionPairs, sectionPairs } from './section-pairs.ts';

/** What a reader of the section's verdicts must know. */
function sectionWarnings(
  distinct: readonly ComparedExperiment[],
  copies: ReturnType<typeof distinctRecipes>['copies'],
  named: string | null,
  { scheme, baseline }: SectionPairs,
): string[] {
  // The plan's own warnings name recipes that are planned with fewer seeds.
  const lost = distinct
    .filter(({ runs, runIds }) => runs.length < FEWEST_SEEDS && runIds.length >= FEWEST_SEEDS)
    .map(({ id }) => id);
  // They also name experiments that share all their runs.
  const partial = copies.filter(({ experiment, of }) => experiment.runIds.join() !== of.runIds.join());
  return [
    ...partial.map(
      ({ experiment, of }) =>
        `${experiment.id} has the same settings as ${of.id}, which stands for both in the comparisons`,
    ),
    ...(scheme === 'baseline' && named !== null && named !== baseline
      ? [`its baseline ${named} has no evaluated run: the others are compared with ${baseline}`]
      : []),
    ...(distinct.length < 2 ? ['fewer than two evaluated recipes: nothing to compare'] : []),
    ...(lost.length > 0
      ? [
          `fewer than ${FEWEST_SEEDS} seeds are evaluated of ${lost.join(', ')}: what is said of them speaks of single checkpoints, not of recipes`,
        ]
      : []),
  ];
}

/**
 * Compares one section of the report's experiments.
 * @throws UserError if they were evaluated on different test sets.
 */
export function compareSection(
  section: ReportSection,
  { plan, sources }: ComparedPlan,
  experiments: readonly ComparedExperiment[],
): { readonly comparison: SectionComparison; readonly warnings: string[] } {
  const evaluated = sectionExperiments(section, experiments);
  requireSameTestSet(section.title, evaluated, { plan, sources });
  const { distinct, copies } = distinctRecipes(evaluated, section.baseline);
  const planned = sectionPairs(distinct, section.baseline);
  const comparison: SectionComparison = {
    title: section.title,
    scheme: planned.scheme,
    baseline: planned.baseline,
    recipes: evaluated.map(summarizeRecipe),
    checkpoints: compareCheckpoints(planned.pairs),
    recipePairs: compareRecipes(planned.pairs),
  };
  const warnings = sectionWarnings(distinct, copies, section.baseline, planned);
  return { comparison, warnings: warnings.map((text) => `Section "${section.title}": ${text}.`) };
}
