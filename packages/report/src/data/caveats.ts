import { plural } from '../text/plural.ts';
import type { Facts } from './summary.ts';

/** What a reader has to keep in mind: the plan's and the comparison's warnings first, then what the data themselves give cause for. */
export function caveatsOf(facts: Facts, warnings: readonly string[]): string[] {
  const caveats = [...warnings];
  const evaluated = facts.runs.filter((run) => run.evaluation);
  const scored = facts.experiments.filter((e) => e.test);
  if (scored.length > 1)
    caveats.push(
      `The highest of ${scored.length} test accuracies is optimistic: with enough candidates one does well by chance. Choose by validation accuracy and quote the test accuracy of that choice.`,
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
  if (facts.datasets.some((d) => d.source === 'cifar10'))
    caveats.push(
      'About 3.3\u00A0% of the CIFAR-10 test images have a near-duplicate among the training images (Barz and Denzler 2020, ciFAIR), which raises every accuracy here.',
    );
  if (evaluated.some((run) => run.bestEpoch !== null && run.bestEpoch < run.epochs.length))
    caveats.push(
      'Scores belong to the weights of each run\u2019s best epoch by its selection rule, not to its last epoch; the table shows both.',
    );
  const bins = evaluated[0]?.evaluation?.test.calibration.bins.length;
  if (bins)
    caveats.push(
      `Expected calibration error depends on the number of bins: ${plural(bins, 'equal-width bin')} here. Brier score and negative log likelihood do not.`,
    );
  if (scored.length > 0)
    caveats.push(
      'MACs count the multiply-accumulates of convolutions and dense layers for one image, forward only. Other tools count otherwise and under other names; the runs table shows their figures side by side.',
    );
  return caveats;
}
