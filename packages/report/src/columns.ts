import {
  bytes,
  dollars,
  duration,
  grouped,
  percent,
  percentInterval,
  plainNumber,
  points,
  scaled,
  significant,
} from '@bakeoff/statistics/formats';
import type { Measurements } from './data/measurements.ts';
import type { ReportData, ReportRun } from './data/report-data.ts';
import { varyingSettings } from './data/settings.ts';

export type ColumnValue = string | number | boolean | null;

/** One column of the table of runs; the page, its script and the CSV share the list. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** What the figures mean, for the header's tooltip. */
  readonly meaning: string;
  readonly kind: 'result' | 'setting' | 'cost' | 'measured';
  readonly visible: boolean;
  readonly value: (run: ReportRun, index: number) => ColumnValue;
  /** As a person reads it; `value` keeps every digit. */
  readonly text: (value: ColumnValue, run: ReportRun) => string;
}

const STATUS_TEXTS: Record<ReportRun['status'], string> = {
  finished: 'finished',
  diverged: 'diverged',
  notEvaluated: 'not evaluated',
  missing: 'no result',
};

type Options = Partial<Pick<Column, 'kind' | 'visible'>>;
const number = (
  id: string,
  label: string,
  meaning: string,
  value: (run: ReportRun, index: number) => number | null | undefined,
  text: (value: number) => string,
  options: Options = {},
): Column => ({
  id,
  label,
  meaning,
  kind: 'result',
  visible: true,
  ...options,
  value: (run, index) => value(run, index) ?? null,
  text: (v) => (typeof v === 'number' ? text(v) : '\u2013'),
});

function resultColumns(data: ReportData): Column[] {
  const plain = (id: string, label: string, meaning: string, value: Column['value'], visible = true): Column => ({
    id,
    label,
    meaning,
    kind: 'result',
    visible,
    value,
    text: (v) => (v === null ? '\u2013' : String(v)),
  });
  return [
    plain('experiment', 'Experiment', 'The experiment that the run serves; several where they share it', (run) =>
      run.experiments.map((e) => data.experiments[e]?.title ?? '').join(' · '),
    ),
    plain('seed', 'Seed', 'Seed of initial weights, shuffling and dropout', (run) => run.seed),
    {
      ...plain(
        'status',
        'Status',
        'Finished, diverged (loss was no number), trained without an evaluation, or without any result',
        (run) => STATUS_TEXTS[run.status],
      ),
    },
    {
      ...number(
        'testAccuracy',
        'Test accuracy',
        'Share of held-out test images classified correctly by the weights of the best epoch, with its Wilson 95 % interval',
        (run) => run.evaluation?.test.accuracy,
        (v) => percent(v),
      ),
      text: (v, run) =>
        typeof v === 'number' && run.evaluation
          ? `${percent(v)} ${percentInterval(run.evaluation.test.accuracyInterval)}`
          : '\u2013',
    },
    number(
      'validationBest',
      'Validation, best',
      'Validation accuracy at the epoch whose weights were kept',
      (run) => run.epochs.find((row) => row.epoch === run.bestEpoch)?.validationAccuracy,
      (v) => percent(v),
    ),
    number(
      'validationLast',
      'Validation, last',
      'Validation accuracy at the last epoch',
      (run) => run.epochs.at(-1)?.validationAccuracy,
      (v) => percent(v),
    ),
    number('bestEpoch', 'Best epoch', 'Epoch whose weights were kept', (run) => run.bestEpoch, String),
    number(
      'epochs',
      'Epochs',
      'Epochs trained',
      (run) => (run.status === 'missing' ? null : run.epochs.length),
      String,
    ),
    plain(
      'stopReason',
      'Ended by',
      'Why the training ended',
      (run) =>
        run.stopReason === null
          ? null
          : { maxEpochs: 'last epoch', earlyStopping: 'early stopping', diverged: 'divergence' }[run.stopReason],
      false,
    ),
    number('steps', 'Steps', 'Optimizer steps', (run) => (run.status === 'missing' ? null : run.steps), grouped, {
      visible: false,
    }),
    number(
      'gap',
      'Gap',
      'Generalisation gap: training accuracy (as trained, best epoch) minus test accuracy, in points',
      (run) => run.evaluation?.generalizationGap,
      (v) => points(v),
    ),
    number(
      'testNll',
      'Test NLL',
      'Mean negative log likelihood on the test images, in nats',
      (run) => run.evaluation?.test.nll,
      (v) => significant(v),
    ),
    number(
      'brier',
      'Brier',
      'Multi-class Brier score on the test images, 0 to 2',
      (run) => run.evaluation?.test.brier,
      (v) => significant(v),
      { visible: false },
    ),
    number(
      'ece',
      'ECE',
      'Expected calibration error on the test images',
      (run) => run.evaluation?.test.calibration.expectedCalibrationError,
      (v) => percent(v),
    ),
    number(
      'validationNll',
      'Validation NLL',
      'Mean negative log likelihood on the validation images at the best epoch',
      (run) => run.evaluation?.validation.nll,
      (v) => significant(v),
      { visible: false },
    ),
    number(
      'trainLossLast',
      'Training loss, last',
      'Mean training loss of the last epoch, in nats',
      (run) => run.epochs.at(-1)?.trainLoss,
      (v) => significant(v),
      { visible: false },
    ),
  ];
}

function costColumns(): Column[] {
  const cost = (
    id: string,
    label: string,
    meaning: string,
    value: (run: ReportRun) => number | null | undefined,
    visible = false,
  ): Column => number(id, label, meaning, value, (v) => scaled(v), { kind: 'cost', visible });
  return [
    cost('parameters', 'Parameters', 'Trainable parameters', (run) => run.parameters, true),
    cost(
      'macs',
      'MACs',
      'Multiply-accumulates of convolutions and dense layers, one image, forward',
      (run) => run.macs,
      true,
    ),
    cost('flops', 'FLOPs', 'Two for each multiply-accumulate', (run) => run.evaluation?.cost.flops),
    cost(
      'ptflops',
      'as ptflops',
      'As ptflops counts: MACs with biases, batch normalisation and pooling',
      (run) => run.evaluation?.cost.ptflops,
    ),
    cost('fvcore', 'as fvcore', 'As fvcore counts and calls flops', (run) => run.evaluation?.cost.fvcore),
    cost('thop', 'as thop', 'As thop counts and calls MACs', (run) => run.evaluation?.cost.thop),
    cost(
      'trainingFlops',
      'Training FLOPs',
      'Of the whole training: three forward passes an image seen, and the validation passes',
      (run) => run.evaluation?.trainingFlops,
      true,
    ),
    number(
      'activationBytes',
      'Activations',
      'float32 activations kept for the backward pass, an image',
      (run) => run.evaluation?.cost.activationBytes,
      bytes,
      { kind: 'cost', visible: false },
    ),
    number('modelBytes', 'Model file', 'Bytes of the saved weights', (run) => run.evaluation?.modelBytes, bytes, {
      kind: 'cost',
      visible: false,
    }),
  ];
}

const measuredColumn = (
  id: string,
  label: string,
  meaning: string,
  value: (index: number) => number | null | undefined,
  text: (v: number) => string,
  visible = false,
): Column => number(id, label, meaning, (_run, index) => value(index), text, { kind: 'measured', visible });

function measuredColumns(measurements: Measurements): Column[] {
  const { runs, prices } = measurements;
  return [
    measuredColumn(
      'wallSeconds',
      'Training time',
      'Wall clock over all attempts, lost time included',
      (i) => runs[i]?.wallSeconds,
      duration,
      true,
    ),
    measuredColumn(
      'attempts',
      'Attempts',
      'Trainings begun or resumed',
      (i) => runs[i]?.attempts.length,
      String,
      runs.some((run) => (run?.attempts.length ?? 0) > 1),
    ),
    measuredColumn(
      'lostSeconds',
      'Time lost',
      'Spent on steps that a later attempt did again',
      (i) => runs[i]?.lostSeconds,
      duration,
      runs.some((run) => (run?.lostSeconds ?? 0) > 0),
    ),
    measuredColumn(
      'imagesPerSecond',
      'Images/s',
      'Training throughput of the last attempt',
      (i) => runs[i]?.imagesPerSecond,
      (v) => significant(v, 3),
    ),
    measuredColumn(
      'peakMemory',
      'Peak memory',
      'Highest memory of the training process',
      (i) => runs[i]?.peakMemoryBytes,
      bytes,
    ),
    ...(runs.some((run) => run?.gpuPeakMemoryBytes != null)
      ? [
          measuredColumn(
            'gpuMemory',
            'GPU memory',
            'Highest memory in use on the GPU that trained, whoever else used it included',
            (i) => runs[i]?.gpuPeakMemoryBytes,
            bytes,
            true,
          ),
        ]
      : []),
    ...(runs.some((run) => run?.gpuUtilization != null)
      ? [
          measuredColumn(
            'gpuUtilization',
            'GPU use',
            'Share of the training time in which the GPU computed, by looks every few seconds',
            (i) => runs[i]?.gpuUtilization,
            (v) => percent(v, 0),
            true,
          ),
        ]
      : []),
    measuredColumn(
      'latencyMs',
      'Latency',
      'Median time to classify one image',
      (i) => runs[i]?.latency.find((l) => l.batchSize === 1)?.medianMs,
      (v) => `${significant(v, 3)}\u00A0ms`,
      true,
    ),
    measuredColumn(
      'dollars',
      'Cost',
      `Training machine over all attempts${prices ? `, prices of ${prices.date}` : ''}`,
      (i) => runs[i]?.dollars,
      dollars,
      runs.some((run) => run?.dollars != null),
    ),
  ];
}

/** Paths of settings that differ between the report's runs. */
export function settingPaths(data: ReportData): string[] {
  return varyingSettings([...new Map(data.runs.map((run) => [run.recipeId, run.settings])).values()]);
}

/** Varying settings that have a column from the start. */
const VISIBLE_SETTINGS = 4;

export function columnsOf(data: ReportData, measurements: Measurements): Column[] {
  const settings = settingPaths(data).map((path, i): Column => ({
    id: `setting:${path}`,
    label: path.split('.').slice(-2).join('.'),
    meaning: `Setting ${path}`,
    kind: 'setting',
    visible: i < VISIBLE_SETTINGS,
    value: (run) => run.settings[path] ?? null,
    text: (v) => (v === null ? '\u2013' : typeof v === 'number' ? plainNumber(v) : String(v)),
  }));
  return [...resultColumns(data), ...settings, ...costColumns(), ...measuredColumns(measurements)];
}
