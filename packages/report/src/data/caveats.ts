import { type DatasetIndex, describeFinding, type Sources } from '@bakeoff/core';
import { cleanText } from '../text/clean-text.ts';
import { plural } from '../text/plural.ts';
import type { Facts } from './facts.ts';

/** Settings, flattened, that make the training loss another than cross entropy. */
const LOSS_OPTIONS = ['labelSmoothing', 'classWeights', 'mixup.alpha'];

interface CaveatSources {
  /** Of the plan and the comparison. */
  readonly warnings: readonly string[];
  /** Of the facts' datasets; null where there is none. */
  readonly indices: readonly (DatasetIndex | null)[];
  readonly sources: Sources;
}

/** What was found in the images of each dataset, with its number in the report's list if there are several. */
function findingsOf(indices: CaveatSources['indices']): string[] {
  return indices.flatMap((index, i) =>
    (index?.findings ?? []).map((finding) => {
      const text = cleanText(describeFinding(finding));
      return indices.length === 1 ? text : `Dataset ${i + 1}: ${text}`;
    }),
  );
}

/**
 * What a reader has to keep in mind: first what was found in the images, then the warnings of the plan and the
 * comparison, then caveats that follow from the data.
 */
export function caveatsOf(facts: Facts, { warnings, indices, sources }: CaveatSources): string[] {
  const caveats = [...findingsOf(indices), ...warnings];
  const evaluated = facts.runs.filter((run) => run.evaluation);
  const scored = facts.experiments.filter((e) => e.test);
  if (scored.length > 1)
    caveats.push(
      `The highest of ${scored.length} test accuracies is optimistic: ` +
        'with enough candidates one does well by chance. ' +
        'Choose by validation accuracy and quote the test accuracy of that choice.',
    );
  if (facts.experiments.some(({ trial }) => trial !== undefined))
    caveats.push(
      "The validation accuracy of a search's chosen trial is the highest of many, which flatters it. " +
        'Its test accuracy does not have this fault; that of the other trials is not reported, so that nothing is chosen by it.',
    );
  if (scored.some((e) => (e.test?.count ?? 0) === 1))
    caveats.push(
      'The interval of a single training covers the choice of test images only. Another seed can land outside it.',
    );
  if (facts.datasets.length > 1)
    caveats.push(`The runs use ${facts.datasets.length} datasets: accuracies on different ones do not compare.`);
  if (new Set(evaluated.map((run) => run.evaluation?.testSetSha256)).size > 1)
    caveats.push(
      'Not all runs were evaluated on the same test images: pairs are compared only where the images are equal.',
    );
  for (const source of new Set(facts.datasets.map((dataset) => dataset.source)))
    caveats.push(...(sources[source]?.caveats ?? []));
  if (evaluated.some((run) => run.bestEpoch !== null && run.bestEpoch < run.epochs.length))
    caveats.push(
      'Scores belong to the weights of each run\u2019s best epoch by its selection rule, not to its last epoch; the table shows both.',
    );
  if (evaluated.some(({ settings }) => LOSS_OPTIONS.some((path) => settings[path])))
    caveats.push(
      'Training losses are what a run minimizes, with its label smoothing, class weights and mixtures. ' +
        'Validation and test losses are plain cross entropy, so the two do not compare.',
    );
  const bins = evaluated[0]?.evaluation?.test.calibration.bins.length;
  if (bins)
    caveats.push(
      `Expected calibration error depends on the number of bins: ${plural(bins, 'equal-width bin')} here. Brier score and negative log likelihood do not.`,
    );
  if (scored.length > 0)
    caveats.push(
      'MACs count the multiply-accumulates of convolutions and dense layers for one image, forward only. ' +
        'Other tools count otherwise and under other names; the runs table shows their figures side by side.',
    );
  return caveats;
}
