import {
  type Json,
  keys,
  plannedEvaluations,
  readAttempts,
  readJson,
  type RunRecord,
  runRecordSchema,
  type Store,
  type TrainingMeasurement,
} from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { modelName } from '@bakeoff/model/architectures';
import { flattenSettings, type Setting, varyingSettings } from '@bakeoff/report';
import { mean, sampleDeviation } from '@bakeoff/statistics';
import { withPlainSpaces } from '@bakeoff/statistics/formats';
import { displayUrl } from '../plans/display-url.ts';
import { findSubject, type Subject } from '../plans/find-subject.ts';
import { type PairVerdict, pairVerdict } from '../plans/pair-verdict.ts';
import { readPlanState } from '../plans/plan-state.ts';
import { readableStore } from '../plans/readable-store.ts';
import { readContents } from '../plans/store-contents.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import {
  formatCount,
  formatDuration,
  formatMagnitude,
  formatPercent,
  formatTime,
  plural,
  shorten,
} from '../progress/format.ts';
import { hanging } from '../progress/hanging.ts';
import { type ResultRow, resultRows, resultTable } from '../progress/result-table.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { CommandContext } from './command-context.ts';

export interface ShowOptions extends StoreOptions {
  readonly json?: boolean;
}

const COLUMNS = 80;
const VALUE_WIDTH = 26;
const EPOCHS_SHOWN = 10;

/** A subject with all that is known of it. */
interface Shown extends Subject {
  /** Its name beside others: of a run its experiment and seed. */
  readonly label: string;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly rows: readonly ResultRow[];
  readonly records: readonly (RunRecord | undefined)[];
  readonly attempts: readonly TrainingMeasurement[];
}

/**
 * `bakeoff show A [B]`: what a run or an experiment is and did; of two, how their settings and results differ, with the
 * verdict if they have the same test images.
 */
export async function showCommand(
  a: string,
  b: string | undefined,
  options: ShowOptions,
  context: CommandContext,
): Promise<number> {
  const store = await readableStore(options);
  const contents = await readContents(store);
  const subjects = [a, ...(b === undefined ? [] : [b])].map((name) => findSubject(name, contents));
  const shown: Shown[] = [];
  for (const subject of subjects)
    shown.push({ ...(await readSubject(subject, store)), label: labelOf(subject, subjects) });
  const [first, second] = shown as [Shown, Shown | undefined];
  const verdict = second === undefined ? null : await pairVerdict([first, second], contents, context);
  const lines =
    options.json === true
      ? [JSON.stringify(asJson(store, shown, verdict), undefined, 2)]
      : second === undefined
        ? subjectLines(first, store, context.style)
        : pairLines([first, second], verdict, context.style);
  for (const line of lines) context.output.write(`${line}\n`);
  return ExitCode.done;
}

/** With the manifest's name if the other subject would be called the same. */
function labelOf(subject: Subject, subjects: readonly Subject[]): string {
  const isShared = subjects.some((other) => other.plan !== subject.plan && nameOf(other) === nameOf(subject));
  return isShared ? `${subject.plan.name}/${nameOf(subject)}` : nameOf(subject);
}

function nameOf({ kind, experiment, runs }: Subject): string {
  return kind === 'run' ? `${experiment.id}, seed ${runs[0]?.seed}` : experiment.id;
}

async function readSubject(subject: Subject, store: Store): Promise<Omit<Shown, 'label'>> {
  const { plan, experiment, runs } = subject;
  const ids = new Set(experiment.runIds);
  const evaluated = plannedEvaluations(plan).filter(
    ({ run, experiments }) => ids.has(run.runId) && experiments.includes(experiment.id),
  );
  const [training = {}] = flattenSettings(evaluated, plan.experiments, modelName);
  const dataset = plan.datasets.find(({ datasetId }) => datasetId === experiment.datasetId);
  const all = await resultRows(store, plan, await readPlanState(store, plan));
  const attempts = await Promise.all(runs.map(({ runId }) => readAttempts(store, runId)));
  return {
    ...subject,
    settings: { ...datasetSettings(dataset?.config ?? {}), ...training },
    rows: all.filter(({ runId, experiments }) => ids.has(runId) && experiments.includes(experiment.id)),
    records: await Promise.all(runs.map(({ runId }) => readJson(store, keys.runRecord(runId), runRecordSchema))),
    attempts: attempts.flat().sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1)),
  };
}

function datasetSettings(config: object): Record<string, Setting> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]: [string, Json]) => [
      `dataset.${name}`,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

function subjectLines(shown: Shown, store: Store, style: Style): string[] {
  const { kind, plan, experiment, runs, label, settings, rows, records, attempts } = shown;
  const [run] = runs;
  const what = kind === 'run' ? `run ${run?.runId}` : `experiment of ${plural(runs.length, 'run')}`;
  const labelWidth = Math.max(...Object.keys(settings).map((path) => path.length));
  const title = experiment.title === experiment.id ? [] : [experiment.title];
  return [
    `${style.bold(label)}  ${what}`,
    style.dim(`manifest ${plan.name}, plan ${plan.planId}, in ${displayUrl(store.url)}`),
    ...title,
    '',
    ...Object.entries(settings).flatMap(([path, value]) =>
      hanging(path, settingText(value), { columns: COLUMNS, labelWidth }),
    ),
    '',
    ...resultTable(rows, style),
    ...(kind === 'experiment' ? summaryLines(rows) : []),
    ...(kind === 'run' ? epochLines(records[0], style) : []),
    ...attemptLines(attempts, style),
  ];
}

function settingText(value: Setting | undefined): string {
  return value === undefined ? '–' : value === null ? 'none' : String(value);
}

/** "test accuracy 71.2 % ± 0.8 over 3 seeds". */
function summaryLines(rows: readonly ResultRow[]): string[] {
  const text = accuracyText(rows);
  return text === null || rows.length < 2 ? [] : ['', `test accuracy ${text}`];
}

/** Mean and sample deviation of the test accuracies; null without any. */
function accuracyText(rows: readonly ResultRow[]): string | null {
  const accuracies = rows.flatMap(({ testAccuracy }) => testAccuracy ?? []);
  if (accuracies.length === 0) return null;
  const deviation = sampleDeviation(accuracies);
  const spread = deviation === null ? '' : ` ± ${(100 * deviation).toFixed(1)}`;
  return `${formatPercent(mean(accuracies))}${spread}${accuracies.length > 1 ? ` over ${accuracies.length} seeds` : ''}`;
}

function epochLines(record: RunRecord | undefined, style: Style): string[] {
  if (record === undefined) return [];
  const rows = record.epochs
    .slice(-EPOCHS_SHOWN)
    .map((epoch) => [
      `${epoch.epoch}${epoch.epoch === record.bestEpoch ? ' *' : ''}`,
      epoch.trainLoss.toFixed(4),
      formatPercent(epoch.trainAccuracy),
      epoch.validationLoss.toFixed(4),
      formatPercent(epoch.validationAccuracy),
    ]);
  const columns = ['train loss', 'accuracy', 'validation loss', 'accuracy'].map(right);
  const ended = { maxEpochs: 'after all epochs', earlyStopping: 'by early stopping', diverged: 'because it diverged' };
  return [
    '',
    ...formatTable([left('epoch'), ...columns], rows, style.dim),
    `* the best, whose weights are kept; training ended ${ended[record.stopReason]}, after ${plural(record.steps, 'step')}`,
  ];
}

function attemptLines(attempts: readonly TrainingMeasurement[], style: Style): string[] {
  if (attempts.length === 0) return [];
  const rows = attempts.map(({ startedAt, engine, firstStep, lastStep, outcome, wallSeconds, imagesPerSecond }) => [
    formatTime(startedAt),
    engine.name,
    `${firstStep}–${lastStep}`,
    outcome,
    formatDuration(wallSeconds * 1000),
    imagesPerSecond.toFixed(0),
  ]);
  const columns = [
    left('attempt (UTC)'),
    left('engine'),
    right('steps'),
    left('outcome'),
    right('time'),
    right('images/s'),
  ];
  return ['', ...formatTable(columns, rows, style.dim)];
}

function pairLines([a, b]: readonly [Shown, Shown], verdict: PairVerdict | null, style: Style): string[] {
  const varying = varyingSettings([a.settings, b.settings]);
  const rows = varying.map((path) =>
    [path, settingText(a.settings[path]), settingText(b.settings[path])].map((cell) => shorten(cell, VALUE_WIDTH)),
  );
  const heads = [left(''), left(shorten(a.label, VALUE_WIDTH)), left(shorten(b.label, VALUE_WIDTH))];
  const figures: [string, string, string][] = [
    ['test accuracy', accuracyText(a.rows) ?? '–', accuracyText(b.rows) ?? '–'],
    ['parameters', formatCount(a.runs[0]?.parameters ?? 0), formatCount(b.runs[0]?.parameters ?? 0)],
    ['MACs', formatMagnitude(a.rows[0]?.macs ?? 0), formatMagnitude(b.rows[0]?.macs ?? 0)],
    ['best epoch', bestEpochs(a), bestEpochs(b)],
    ['training', trainingText(a), trainingText(b)],
  ];
  return [
    style.bold('settings that differ'),
    ...(rows.length === 0 ? ['none but the seed'] : formatTable(heads, rows, style.dim)),
    '',
    style.bold('results'),
    ...formatTable(heads, figures, style.dim),
    ...(verdict === null ? [] : ['', ...hanging('', verdict.text, { columns: COLUMNS, labelWidth: -2 })]),
  ];
}

function bestEpochs({ records }: Shown): string {
  return records.map((record) => record?.bestEpoch ?? '–').join(', ');
}

/** The mean over the runs that were trained. */
function trainingText({ rows }: Shown): string {
  const seconds = rows.flatMap(({ trainingSeconds }) => trainingSeconds ?? []);
  return seconds.length === 0 ? '–' : formatDuration(mean(seconds) * 1000);
}

function asJson({ url }: Store, shown: readonly Shown[], verdict: PairVerdict | null): object {
  return {
    store: url,
    subjects: shown.map(({ kind, plan, experiment, label, settings, rows, attempts }) => ({
      kind,
      label,
      manifest: plan.name,
      planId: plan.planId,
      experiment: experiment.id,
      settings,
      runs: rows,
      attempts,
    })),
    ...(shown.length < 2
      ? {}
      : {
          differing: varyingSettings(shown.map(({ settings }) => settings)),
          verdict: verdict === null ? null : { ...verdict, text: withPlainSpaces(verdict.text) },
        }),
  };
}
