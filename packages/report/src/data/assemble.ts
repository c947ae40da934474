import { contentId, STAGE_VERSIONS } from '@bakeoff/core';
import type { ChartName, Plan, PlannedExperiment, PlannedRun } from '@bakeoff/core';
import { cleanText } from '../clean-text.ts';
import { caveatsOf } from './caveats.ts';
import type { Collected, CollectedRun, SlimEvaluation } from './collect.ts';
import type {
  ReportData,
  ReportDataset,
  ReportEvaluation,
  ReportExperiment,
  ReportRun,
  ReportSectionData,
  RunStatus,
  Spread,
} from './report-data.ts';
import { flattenRecipe } from './settings.ts';
import { summaryOf } from './summary.ts';

function statusOf({ record, evaluation }: CollectedRun): RunStatus {
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
    },
    generalizationGap,
    cost,
    trainingFlops,
    modelBytes,
    correctness,
    testSetSha256,
  };
}

function runData(run: PlannedRun, collected: CollectedRun, plan: Plan): ReportRun {
  const { record, curve, evaluation } = collected;
  return {
    runId: run.runId,
    recipeId: run.recipeId,
    experiments: plan.experiments.flatMap((experiment, i) => (experiment.runIds.includes(run.runId) ? [i] : [])),
    dataset: plan.datasets.findIndex((dataset) => dataset.datasetId === run.datasetId),
    seed: run.seed,
    status: statusOf(collected),
    stopReason: record?.stopReason ?? null,
    steps: record?.steps ?? 0,
    imagesSeen: record?.imagesSeen ?? 0,
    bestEpoch: record?.bestEpoch ?? null,
    epochs: record?.epochs ?? [],
    curve,
    parameters: run.parameters,
    macs: run.macs,
    settings: flattenRecipe(run.recipe),
    evaluation: evaluation === null ? null : evaluationData(evaluation),
  };
}

function spread(values: readonly number[], interval: Spread['interval']): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: values.length,
    mean,
    standardDeviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    interval,
  };
}

function experimentData(experiment: PlannedExperiment, { plan, runs, comparison }: Collected): ReportExperiment {
  const indices = experiment.runIds.map((id) => plan.runs.findIndex((run) => run.runId === id)).filter((i) => i >= 0);
  const evaluations = indices.flatMap((i) => runs[i]?.evaluation ?? []);
  const recipe = comparison?.sections
    .flatMap((section) => section.recipes)
    .find((summary) => summary.experimentId === experiment.id);
  const { id, title, group, sweepValues, recipeId } = experiment;
  return {
    id,
    title: cleanText(title),
    group: cleanText(group),
    sweepValues,
    recipeId,
    dataset: plan.datasets.findIndex((dataset) => dataset.datasetId === experiment.datasetId),
    runs: indices,
    test: spread(
      evaluations.map((e) => e.test.accuracy),
      recipe?.interval ?? null,
    ),
    validation: spread(
      evaluations.map((e) => e.validation.accuracy),
      null,
    ),
  };
}

function sectionData({ plan, comparison }: Collected): ReportSectionData[] {
  const indexOf = new Map(plan.experiments.map((experiment, i) => [experiment.id, i]));
  return plan.report.sections.map((section, i) => {
    const compared = comparison?.sections[i];
    return {
      title: cleanText(section.title),
      text: section.text,
      experiments: section.experiments.flatMap((id) => indexOf.get(id) ?? []),
      charts: section.charts as readonly ChartName[],
      scheme: compared?.scheme ?? 'all',
      baseline: indexOf.get(compared?.baseline ?? section.baseline ?? '') ?? null,
      checkpoints: compared?.checkpoints ?? [],
      recipePairs: compared?.recipePairs ?? [],
    };
  });
}

function datasetData({ datasetId, config, sourceSha256, classes, images }: Plan['datasets'][number]): ReportDataset {
  return {
    datasetId,
    source: config.source,
    sourceSha256,
    splitSeed: config.seed,
    stratified: config.stratified,
    classes: classes.map(cleanText),
    images,
  };
}

function reportIdOf({ plan, runs, comparison }: Collected): string {
  const records = runs.map(({ record, evaluation }) => [
    record && contentId(record),
    evaluation && contentId(evaluation),
  ]);
  return contentId({
    kind: 'report',
    reportVersion: STAGE_VERSIONS.report,
    plan: plan.planId,
    records,
    comparison: comparison && contentId(comparison),
  });
}

/** Packs what was collected into the one object that every form of the report is made from. Names are cleaned here: charts and alternatives draw them as they are. */
export function assembleReport(collected: Collected): ReportData {
  const { plan, comparison } = collected;
  const facts = {
    formatVersion: 1 as const,
    reportId: reportIdOf(collected),
    planId: plan.planId,
    comparisonId: comparison?.comparisonId ?? null,
    name: plan.name,
    title: cleanText(plan.report.title),
    text: plan.report.text,
    manifest: plan.manifest,
    significanceLevel: comparison?.significanceLevel ?? 0.05,
    datasets: plan.datasets.map(datasetData),
    experiments: plan.experiments.map((experiment) => experimentData(experiment, collected)),
    runs: plan.runs.map((run, i) => runData(run, collected.runs[i] as CollectedRun, plan)),
    sections: sectionData(collected),
    gallery: collected.gallery,
  };
  return {
    ...facts,
    summary: summaryOf(facts),
    caveats: caveatsOf(facts, [...plan.warnings, ...(comparison?.warnings ?? [])]),
  };
}
