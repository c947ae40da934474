import { count, percent, percentInterval, points, significant } from '@bakeoff/statistics/formats';
import { SCORE_FIGURES, scoreFigure, type ScoreFigure } from '@bakeoff/statistics/metrics';
import type { ReportData, ReportRun } from '../data/report-data.ts';
import { progressText } from '../text/progress-text.ts';
import { type Column, numberColumn, plainColumn, whole } from './column.ts';

const STATUS_TEXTS: Partial<Record<ReportRun['status'], string>> = {
  finished: 'finished',
  diverged: 'diverged',
  notEvaluated: 'not evaluated',
  missing: 'no result',
};

const hasBegun = ({ status }: ReportRun): boolean => status !== 'missing' && status !== 'waiting';

const ACCURACY = scoreFigure('testAccuracy');
/** In the columns beside the accuracy; the other figures follow the training's. */
const BESIDE_ACCURACY = [scoreFigure('balancedAccuracy'), scoreFigure('macroF1')];

function figureColumn({ id, title, meaning, of, format, better, shownIn }: ScoreFigure): Column {
  return numberColumn(id, title, meaning, (run) => run.evaluation && of(run.evaluation.test), format, {
    better,
    visible: shownIn.includes('runs'),
    share: format(0.5).includes('%'),
  });
}

/** The only figure that is shown with an interval. */
function accuracyColumn(): Column {
  return {
    ...figureColumn(ACCURACY),
    text: (v, run) =>
      typeof v === 'number' && run.evaluation
        ? `${ACCURACY.format(v)} ${percentInterval(run.evaluation.test.accuracyInterval)}`
        : '\u2013',
  };
}

/** The results of each run. The metrics of the test images come from the registry. */
export function resultColumns(data: ReportData): Column[] {
  return [
    plainColumn('experiment', 'Experiment', 'The experiment that the run belongs to, or several that share it', (run) =>
      run.experiments.map((e) => data.experiments[e]?.title ?? '').join(' · '),
    ),
    plainColumn('seed', 'Seed', 'Seed of initial weights, shuffling and dropout', (run) => run.seed),
    plainColumn(
      'status',
      'Status',
      'Finished, diverged (the loss was not a number), trained but not evaluated, or without any result',
      (run) => STATUS_TEXTS[run.status] ?? progressText(run),
    ),
    accuracyColumn(),
    ...BESIDE_ACCURACY.map(figureColumn),
    numberColumn(
      'validationBest',
      'Validation, best',
      'Validation accuracy at the epoch whose weights were kept',
      (run) => run.epochs.find((row) => row.epoch === run.bestEpoch)?.validationAccuracy,
      (v) => percent(v),
      { better: 'high', share: true },
    ),
    numberColumn(
      'validationLast',
      'Validation, last',
      'Validation accuracy at the last epoch',
      (run) => run.epochs.at(-1)?.validationAccuracy,
      (v) => percent(v),
      { share: true },
    ),
    numberColumn('bestEpoch', 'Best epoch', 'Epoch whose weights were kept', (run) => run.bestEpoch, whole),
    numberColumn('epochs', 'Epochs', 'Epochs trained', (run) => (hasBegun(run) ? run.epochs.length : null), whole),
    plainColumn(
      'stopReason',
      'Ended by',
      'Why the training ended',
      (run) =>
        run.stopReason === null
          ? null
          : { maxEpochs: 'last epoch', earlyStopping: 'early stopping', diverged: 'divergence' }[run.stopReason],
      false,
    ),
    numberColumn('steps', 'Steps', 'Optimizer steps', (run) => (hasBegun(run) ? run.steps : null), count, {
      visible: false,
    }),
    numberColumn(
      'gap',
      'Gap',
      'Generalization gap: training accuracy (as trained, best epoch) minus test accuracy, in points',
      (run) => run.evaluation?.generalizationGap,
      (v) => points(v),
      { share: true },
    ),
    ...SCORE_FIGURES.filter((figure) => figure !== ACCURACY && !BESIDE_ACCURACY.includes(figure)).map(figureColumn),
    numberColumn(
      'validationBalancedAccuracy',
      'Validation, balanced',
      'Balanced accuracy on the validation images at the epoch whose weights were kept',
      (run) => run.evaluation?.validation.balancedAccuracy,
      (v) => percent(v),
      { better: 'high', share: true, visible: false },
    ),
    numberColumn(
      'validationMacroF1',
      'Validation macro F1',
      'Macro F1 on the validation images at the epoch whose weights were kept',
      (run) => run.evaluation?.validation.macroF1,
      (v) => percent(v),
      { better: 'high', share: true, visible: false },
    ),
    numberColumn(
      'validationNll',
      'Validation NLL',
      'Mean negative log likelihood on the validation images at the best epoch',
      (run) => run.evaluation?.validation.nll,
      (v) => significant(v),
      { visible: false },
    ),
    numberColumn(
      'trainLossLast',
      'Training loss, last',
      'Mean training loss of the last epoch, in nats',
      (run) => run.epochs.at(-1)?.trainLoss,
      (v) => significant(v),
      { visible: false },
    ),
  ];
}
