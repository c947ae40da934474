import {
  type EvaluationConfig,
  evaluationsOf,
  evaluationText,
  isPlain,
  type Plan,
  plannedAugmentations,
  type PlannedAugmentation,
  type PlannedExperiment,
  searchesOf,
  type Store,
  type Trial,
  UserError,
  writePlan,
} from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { describeEstimate } from '../aws/describe-estimate.ts';
import { type CostEstimate, estimateCost } from '../aws/estimate-cost.ts';
import { estimateStudy, type StudyEstimate } from '../estimates/study-estimate.ts';
import { diffLines } from './diff-lines.ts';
import { estimateLines } from './estimate-lines.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { modelName } from '@bakeoff/model/architectures';
import { placesOf, planManifestFile, type SourceOptions } from '../plans/load-plan.ts';
import type { PlanDiff } from '../plans/plan-diff.ts';
import { readPlanDiff } from '../plans/read-plan-diff.ts';
import { readPrices } from '../plans/read-prices.ts';
import { planTasks } from '../tasks/plan-tasks.ts';
import { openStore } from '../plans/open-store.ts';
import { isEvaluated, isFinished, type PlanState, readPlanState } from '../plans/plan-state.ts';
import { formatBytes, formatCount, formatDuration, formatMagnitude, plural } from '../progress/format.ts';
import { formatTable, left, right } from '../progress/table.ts';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';

export interface PlanOptions extends StoreOptions, SourceOptions {
  readonly json?: boolean;
  /** What the estimate is for. */
  readonly jobs?: number;
  readonly engine: EngineName | 'auto';
  readonly prices?: string;
  /** Says what would be redone, in place of the table of runs. */
  readonly diff?: boolean;
  /** For the state machine on AWS: opens this execution instead. */
  readonly execution?: string;
  readonly source?: string;
}

const DEFAULT_COLUMNS = 100;
const MOST_COLUMNS = 120;

/** `bakeoff plan MANIFEST`: shows what would run. Writes the plan only if a store was named. */
export async function planCommand(
  manifest: string | undefined,
  options: PlanOptions,
  context: CommandContext,
): Promise<number> {
  const { execution } = options;
  if (execution !== undefined) {
    const { openExecutionCommand } = await import('./open-execution-command.ts');
    return openExecutionCommand({ ...options, execution }, context);
  }
  if (manifest === undefined)
    throw new UserError({
      what: 'nothing to plan',
      received: 'no manifest',
      fix: 'give the path of a manifest, e.g. experiments/quickstart.yaml',
    });
  const plan = await planManifestFile(manifest, options, context);
  const store = await openStore(storeUrl(options));
  const state = await readPlanState(store, plan);
  if (options.store !== undefined || options.out !== undefined) await writePlan(store, plan);
  const diff = options.diff === true ? await readPlanDiff(store, plan, state) : null;
  const estimated = await estimatePlan(manifest, plan, state, options, store);
  if (options.json === true)
    context.output.write(
      `${JSON.stringify({ ...planJson(plan, state, estimated), ...(diff && { diff: diffJson(diff) }) }, undefined, 2)}\n`,
    );
  else
    for (const line of planLines(plan, state, context, estimated, diff && { told: diff, storeUrl: store.url }))
      context.output.write(`${line}\n`);
  return ExitCode.done;
}

/** What the rest of a plan takes here, and on AWS; null if nothing is left to do. */
interface Estimated {
  readonly here: StudyEstimate;
  /** Null for trainings that AWS does not take. */
  readonly aws: CostEstimate | null;
  readonly storeUrl: string;
}

async function estimatePlan(
  manifest: string,
  plan: Plan,
  state: PlanState,
  options: PlanOptions,
  store: Store,
): Promise<Estimated | null> {
  const { engine, cache, jobs, prices } = options;
  const tasks = planTasks(plan, state, { store: store.url, engine, ...placesOf(options, manifest) });
  if (tasks.length === 0) return null;
  const here = await estimateStudy(plan, state, tasks, { store, cacheFolder: cache, engine, jobs });
  const runs = plan.runs.filter(({ runId }) => here.runSeconds.has(runId));
  const isForAws = runs.length > 0 && runs.every(({ recipe }) => recipe.replicas === 1);
  return { here, aws: isForAws ? estimateCost(plan, runs, await readPrices(prices)) : null, storeUrl: store.url };
}

function estimateJson({ here, aws }: Estimated): object {
  const { runSeconds: _runs, ...estimate } = here;
  return { ...estimate, aws };
}

function planJson(plan: Plan, state: PlanState, estimated: Estimated | null): object {
  return {
    estimate: estimated && estimateJson(estimated),
    manifest: { name: plan.name, fileName: plan.manifest.fileName },
    planId: plan.planId,
    datasets: plan.datasets.map(({ datasetId, ...dataset }) => ({
      id: datasetId,
      ...dataset,
      augmentations: plannedAugmentations({ datasetId, ...dataset }, plan).map(
        ({ augmentationId, augmentation: { views }, storedBytes }) => ({
          augmentationId,
          views,
          bytes: storedBytes,
        }),
      ),
      prepared: state.preparedDatasets.has(datasetId),
    })),
    runs: plan.runs.map(({ runId, recipe, experiments, seed, parameters, macs, ...run }) => ({
      id: runId,
      experiments,
      seed,
      model: recipe.model,
      parameters,
      macs,
      epochs: recipe.maxEpochs,
      batchSize: recipe.batchSize,
      ...run,
      recipe,
      state: runState(state, runId),
      trainingSeconds: estimated?.here.runSeconds.get(runId) ?? null,
    })),
    experiments: plan.experiments,
    warnings: plan.warnings,
  };
}

function diffJson({ runs, dropped, hasEarlier }: PlanDiff): object {
  return { runs: runs.map(({ run: { runId }, fate }) => ({ id: runId, ...fate })), dropped, hasEarlier };
}

function runState(state: PlanState, runId: string): string {
  const run = state.runs.get(runId) ?? {};
  if (run.record === undefined) return 'pending';
  if (run.record.status === 'diverged') return 'diverged';
  return isEvaluated(run) ? 'evaluated' : 'trained';
}

/** A plan for the terminal: its datasets, runs and warnings. */
export function planLines(
  plan: Plan,
  state: PlanState,
  { style, output, clock }: CommandContext,
  estimated: Estimated | null = null,
  diff: { readonly told: PlanDiff; readonly storeUrl: string } | null = null,
): string[] {
  const widest = Math.min(output.columns ?? DEFAULT_COLUMNS, MOST_COLUMNS);
  const pending = plan.runs.filter(({ runId }) => !isFinished(state.runs.get(runId) ?? {})).length;
  const isAugmented = plan.runs.some(({ evaluations }) => evaluations !== undefined);
  const isTimed = [...(estimated?.here.runSeconds.values() ?? [])].some((seconds) => seconds !== null);
  const searches = searchesOf(plan.experiments);
  const drawn = new Map([...searches.values()].flat().map(({ id, trial }) => [id, valuesText(trial)]));
  const rows = plan.runs.map((run) => [
    run.runId.slice(0, 8),
    run.experiments.join(', '),
    String(run.seed),
    run.recipe.replicas > 1
      ? `${modelName(run.recipe.model)} × ${run.recipe.replicas} replicas`
      : modelName(run.recipe.model),
    formatCount(run.parameters),
    formatMagnitude(run.macs),
    String(run.recipe.maxEpochs),
    runState(state, run.runId),
    ...(isTimed ? [timeCell(estimated?.here.runSeconds.get(run.runId))] : []),
    ...(isAugmented ? [evaluationsOf(run).map(testTimeText).join('; ')] : []),
    ...(searches.size > 0 ? [[...new Set(run.experiments.flatMap((id) => drawn.get(id) ?? []))].join('; ')] : []),
  ]);
  const columns = [
    left('run'),
    left('experiments'),
    right('seed'),
    left('model'),
    right('parameters'),
    right('MACs'),
    right('epochs'),
    left('state'),
    ...(isTimed ? [right('training')] : []),
    ...(isAugmented ? [left('test time')] : []),
    ...(searches.size > 0 ? [left('searched settings')] : []),
  ];
  return [
    `${style.bold(plan.name)}  plan ${plan.planId} · ${plural(plan.experiments.length, 'experiment')} · ${plural(plan.runs.length, 'run')}, ${pending} to do`,
    '',
    ...plan.datasets.map((dataset) => datasetLine(dataset, plan, state)),
    ...[...searches].flatMap(([search, trials]) => searchLines(search, trials, state)),
    '',
    ...(diff === null
      ? formatTable(columns, rows, style.dim)
      : diffLines(diff.told, { storeUrl: diff.storeUrl, isReported: state.reported, style, columns: widest })),
    ...(estimated === null
      ? []
      : [
          '',
          ...estimateLines(estimated.here, {
            storeUrl: estimated.storeUrl,
            style,
            columns: widest,
            onAws: estimated.aws === null ? [] : describeEstimate(estimated.aws, { nowMs: clock.nowMs() }),
          }),
        ]),
    ...(plan.warnings.length > 0 ? ['', ...plan.warnings.map((warning) => style.warn(`⚠ ${warning}`))] : []),
  ];
}

function timeCell(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? '' : formatDuration(seconds * 1000);
}

function testTimeText(evaluation: EvaluationConfig): string {
  return isPlain(evaluation) ? 'plain' : evaluationText(evaluation);
}

/** The values that a trial draws, in the order in which the search's line names the settings. */
function valuesText(trial: Trial | undefined): string {
  return Object.values(trial?.values ?? {}).join(', ');
}

/** A search, and what changes its trials: they are points of a sequence that has one dimension per searched setting. */
function searchLines(search: string, trials: readonly PlannedExperiment[], state: PlanState): string[] {
  const settings = Object.keys(trials[0]?.trial?.values ?? {});
  const done = trials.filter(({ runIds }) => runIds.every((runId) => isFinished(state.runs.get(runId) ?? {}))).length;
  return [
    `search ${search}  ${plural(trials.length, 'trial')} over ${settings.join(', ')}${done > 0 ? ` · ${done} done` : ''}`,
    `  More trials keep these ${trials.length}. Another searched setting, range or seed makes a new plan of other trials.`,
  ];
}

function datasetLine(dataset: Plan['datasets'][number], plan: Plan, state: PlanState): string {
  const { datasetId, config, images } = dataset;
  const counts = `${formatCount(images.train)} training, ${formatCount(images.validation)} validation, ${formatCount(images.test)} test images`;
  const views = plannedAugmentations(dataset, plan).map((each) => `, ${viewsText(each)}`);
  return `dataset ${datasetId.slice(0, 8)}  ${config.source}: ${counts}${views.join('')}${state.preparedDatasets.has(datasetId) ? ' · prepared' : ''}`;
}

function viewsText({ augmentation: { views }, storedBytes }: PlannedAugmentation): string {
  return `${views} augmented views (${storedBytes === 0 ? 'made during training' : formatBytes(storedBytes)})`;
}
