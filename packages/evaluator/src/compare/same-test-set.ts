import { describeTestImages, UserError } from '@bakeoff/core';
import type { ComparedPlan } from './compared-plan.ts';
import type { ComparedExperiment } from './compared-experiment.ts';

/** @throws UserError naming two experiments of the section whose runs were evaluated on different images. */
export function requireSameTestSet(
  sectionTitle: string,
  experiments: readonly ComparedExperiment[],
  { plan: { runs: plannedRuns, datasets }, sources = {} }: ComparedPlan,
): void {
  const evaluated = experiments.flatMap(({ id, runs }) => runs.map((run) => ({ id, run })));
  const first = evaluated[0];
  const other = evaluated.find(({ run }) => run.testSetSha256 !== first?.run.testSetSha256);
  if (first === undefined || other === undefined) return;
  const name = ({ id, run: { runId, testSetSha256 } }: typeof first): string => {
    const datasetId = plannedRuns.find((planned) => planned.runId === runId)?.datasetId;
    const dataset = datasets.find((planned) => planned.datasetId === datasetId)!;
    return `experiment "${id}" (run ${runId}: ${describeTestImages(dataset, sources)}, test set ${testSetSha256.slice(0, 16)})`;
  };
  throw new UserError({
    what: `section "${sectionTitle}": comparing runs of different test sets is refused: their accuracies differ by the images as well as by the models, and a paired test needs the same images`,
    received: `${name(first)} and ${name(other)}`,
    allowed: 'experiments evaluated on the same test images',
    fix: 'put them in different sections of the report, or give them the same dataset source',
  });
}
