import { contentId, evaluationKey, forwardPasses, stages } from '@bakeoff/core';
import type { DatasetIndex, Plan, PlannedEvaluation, PlannedExperiment, Sources } from '@bakeoff/core';
import { mean, sampleDeviation, SIGNIFICANCE_LEVEL } from '@bakeoff/statistics';
import { scoreFigure } from '@bakeoff/statistics/metrics';
import { cleanText } from '../text/clean-text.ts';
import { rankExperiments } from '../verdicts/rank-experiments.ts';
import { sectionFindings } from '../verdicts/section-findings.ts';
import { tellVerdicts, type ToldSection } from '../verdicts/verdict-sentences.ts';
import { caveatsOf } from './caveats.ts';
import type { Collected } from './collect.ts';
import type { CollectedRun, SlimEvaluation } from './collected-run.ts';
import { statusAt } from './live-source.ts';
import { flattenSettings } from './flatten-recipe.ts';
import type {
  DatasetSamples,
  ReportData,
  ReportDataset,
  ReportEvaluation,
  ReportExperiment,
  ReportRun,
  ReportSectionData,
  RunStatus,
  Spread,
} from './report-data.ts';
import { summaryOf } from './summary.ts';
import type { ModelName } from './told-models.ts';

function statusOf(run: CollectedRun, atMs: number | null): RunStatus {
  const { record, evaluation } = run;
  const isDone = record !== null && (evaluation !== null || record.status === 'diverged');
  if (atMs !== null && !isDone) return statusAt(run, atMs);
  if (record === null) return 'missing';
  if (record.status === 'diverged') return 'diverged';
  return evaluation === null ? 'notEvaluated' : 'finished';
}

function evaluationData(evaluation: SlimEvaluation): ReportEvaluation {
  const {
    evaluationId,
    test,
    validation,
    generalizationGap,
    cost,
    trainingFlops,
    modelBytes,
    correctness,
    testSetSha256,
  } = evaluation;
  return {
    evaluationId,
    test,
    validation: {
      images: validation.images,
      accuracy: validation.accuracy,
      accuracyInterval: validation.accuracyInterval,
      nll: validation.nll,
      balancedAccuracy: scoreFigure('balancedAccuracy').of(validation),
      macroF1: scoreFigure('macroF1').of(validation),
    },
    generalizationGap,
    cost,
    trainingFlops,
    modelBytes,
    correctness,
    testSetSha256,
  };
}

function runData(
  { key, run, evaluation: config }: PlannedEvaluation,
  settings: ReportRun['settings'],
  collected: CollectedRun,
  { plan, trials, atMs }: Collected,
): ReportRun {
  const { record, progress, curve, evaluation } = collected;
  const isHeldBack = evaluation !== null && trials.heldBack.has(key);
  return {
    runId: key,
    recipeId: evaluationKey(run.recipeId, config),
    experiments: plan.experiments.flatMap((experiment, i) => (keysOf(experiment).includes(key) ? [i] : [])),
    dataset: plan.datasets.findIndex((dataset) => dataset.datasetId === run.datasetId),
    seed: run.seed,
    status: statusOf(collected, atMs),
    stopReason: record?.stopReason ?? null,
    steps: record?.steps ?? progress?.steps ?? 0,
    imagesSeen: record?.imagesSeen ?? 0,
    bestEpoch: record?.bestEpoch ?? null,
    epochs: record?.epochs ?? progress?.epochs ?? [],
    curve,
    parameters: run.parameters,
    macs: forwardPasses(config) * run.macs,
    settings,
    evaluation: evaluation === null || isHeldBack ? null : evaluationData(evaluation),
    ...(isHeldBack ? { heldBack: true } : {}),
  };
}

function spread(values: readonly number[], interval: Spread['interval']): Spread | null {
  if (values.length === 0) return null;
  return { count: values.length, mean: mean(values), standardDeviation: sampleDeviation(values), interval };
}

/** Of an experiment's evaluated runs. */
function keysOf({ runIds, evaluation }: PlannedExperiment): string[] {
  return runIds.map((id) => evaluationKey(id, evaluation));
}

function experimentData(
  experiment: PlannedExperiment,
  { plan, evaluated, runs, comparison, trials }: Collected,
): ReportExperiment {
  const indices = keysOf(experiment)
    .map((id) => evaluated.findIndex(({ key }) => key === id))
    .filter((i) => i >= 0);
  const evaluations = indices.flatMap((i) => runs[i]?.evaluation ?? []);
  const recipe = comparison?.sections
    .flatMap((section) => section.recipes)
    .find((summary) => summary.experimentId === experiment.id);
  const { id, title, group, sweepValues, trial, recipeId, evaluation } = experiment;
  const isChosen = trial !== undefined && trials.chosen.get(trial.search) === experiment;
  return {
    id,
    title: cleanText(title),
    group: cleanText(group),
    sweepValues,
    ...(trial === undefined ? {} : { trial: { ...trial, chosen: isChosen } }),
    recipeId: evaluationKey(recipeId, evaluation),
    dataset: plan.datasets.findIndex((dataset) => dataset.datasetId === experiment.datasetId),
    runs: indices,
    test:
      trial === undefined || isChosen
        ? spread(
            evaluations.map((e) => e.test.accuracy),
            recipe?.interval ?? null,
          )
        : null,
    validation: spread(
      evaluations.map((e) => e.validation.accuracy),
      null,
    ),
  };
}

function sectionData(plan: Plan, told: readonly ToldSection[]): Omit<ReportSectionData, 'findings'>[] {
  const indexOf = new Map(plan.experiments.map((experiment, i) => [experiment.id, i]));
  return plan.report.sections.map((section, i) => {
    const compared = told[i];
    return {
      title: cleanText(section.title),
      text: section.text,
      experiments: section.experiments.flatMap((id) => indexOf.get(id) ?? []),
      charts: section.charts,
      scheme: compared?.scheme ?? 'all',
      baseline: indexOf.get(compared?.baseline ?? section.baseline ?? '') ?? null,
      checkpoints: compared?.checkpoints ?? [],
      recipePairs: compared?.recipePairs ?? [],
    };
  });
}

/** The images that a dataset has: fewer than planned if duplicates were dropped. */
function countsOf({ splits: { train, validation, test } }: DatasetIndex): ReportDataset['images'] {
  return { train: train.count, validation: validation.count, test: test.count };
}

function datasetData(
  { datasetId, config, sourceSha256, classes, images }: Plan['datasets'][number],
  index: DatasetIndex | null,
  samples: DatasetSamples | null,
): ReportDataset {
  return {
    datasetId,
    source: config.source,
    sourceSha256,
    splitSeed: config.seed,
    stratified: config.stratified,
    classes: classes.map(cleanText),
    images: index === null ? images : countsOf(index),
    samples,
  };
}

/**
 * Covers what was found in the images, where something was, and the verdicts in words as well: the comparison is hashed in its first format version, so that reports keep
 * their ids.
 */
function reportIdOf({ plan, runs, comparison, datasets }: Collected, told: readonly ToldSection[]): string {
  const records = runs.map(({ record, evaluation }) => [
    record && contentId(record),
    evaluation && contentId(evaluation),
  ]);
  const findings = datasets.flatMap((index) => (index === null ? [] : index.findings));
  return contentId({
    kind: 'report',
    reportVersion: stages.report.version,
    plan: plan.planId,
    records,
    comparison: comparison && contentId({ ...comparison, formatVersion: 1, sections: told }),
    ...(findings.length === 0 ? {} : { findings }),
  });
}

/**
 * Packs what was collected into the one object that every form of the report is made from. Names are cleaned here,
 * because charts and text alternatives use them unchanged.
 */
export function assembleReport(collected: Collected, sources: Sources, modelName: ModelName): ReportData {
  const { plan, evaluated, comparison } = collected;
  const seeds = new Map(evaluated.map(({ key, run }) => [key, run.seed]));
  const told = comparison === null ? [] : tellVerdicts(comparison, (runId) => seeds.get(runId) ?? Number.NaN);
  const settings = flattenSettings(evaluated, plan.experiments, modelName);
  const scope = {
    formatVersion: 1 as const,
    reportId: reportIdOf(collected, told),
    planId: plan.planId,
    comparisonId: comparison?.comparisonId ?? null,
    name: plan.name,
    title: cleanText(plan.report.title),
    text: plan.report.text,
    manifest: plan.manifest,
    significanceLevel: comparison?.significanceLevel ?? SIGNIFICANCE_LEVEL,
    datasets: plan.datasets.map((dataset, i) =>
      datasetData(dataset, collected.datasets[i] ?? null, collected.samples[i] ?? null),
    ),
    experiments: plan.experiments.map((experiment) => experimentData(experiment, collected)),
    runs: evaluated.map((each, i) => runData(each, settings[i]!, collected.runs[i]!, collected)),
    gallery: collected.gallery,
  };
  const sections = sectionData(plan, told).map((section) => ({
    ...section,
    findings: sectionFindings(scope, section),
  }));
  const facts = { ...scope, sections };
  const rankings = rankExperiments(facts, comparison?.datasets ?? []);
  return {
    ...facts,
    rankings,
    summary: summaryOf(facts, rankings),
    // A comparison of an older format repeats the plan's warnings.
    caveats: caveatsOf(facts, {
      warnings: [...new Set([...plan.warnings, ...(comparison?.warnings ?? [])])],
      indices: collected.datasets,
      sources,
    }),
  };
}
