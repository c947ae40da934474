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
  type Trial,
  UserError,
  writePlan,
} from '@bakeoff/core';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { modelName } from '@bakeoff/model/architectures';
import { planManifestFile, type SourceOptions } from '../plans/load-plan.ts';
import { openStore } from '../plans/open-store.ts';
import { isEvaluated, isFinished, type PlanState, readPlanState } from '../plans/plan-state.ts';
import { formatBytes, formatCount, formatMagnitude } from '../progress/format.ts';
import { formatTable, left, right } from '../progress/table.ts';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';

export interface PlanOptions extends StoreOptions, SourceOptions {
  readonly json?: boolean;
  /** For the state machine on AWS: opens this execution instead. */
  readonly execution?: string;
  readonly source?: string;
}

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
  if (options.json === true) context.output.write(`${JSON.stringify(planJson(plan, state), undefined, 2)}\n`);
  else for (const line of planLines(plan, state, context)) context.output.write(`${line}\n`);
  return ExitCode.done;
}

function planJson(plan: Plan, state: PlanState): object {
  return {
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
    })),
    experiments: plan.experiments,
    warnings: plan.warnings,
  };
}

function runState(state: PlanState, runId: string): string {
  const run = state.runs.get(runId) ?? {};
  if (run.record === undefined) return 'pending';
  if (run.record.status === 'diverged') return 'diverged';
  return isEvaluated(run) ? 'evaluated' : 'trained';
}

/** A plan for the terminal: its datasets, runs and warnings. */
export function planLines(plan: Plan, state: PlanState, { style }: CommandContext): string[] {
  const pending = plan.runs.filter(({ runId }) => !isFinished(state.runs.get(runId) ?? {})).length;
  const isAugmented = plan.runs.some(({ evaluations }) => evaluations !== undefined);
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
    ...(isAugmented ? [left('test time')] : []),
    ...(searches.size > 0 ? [left('searched settings')] : []),
  ];
  return [
    `${style.bold(plan.name)}  plan ${plan.planId} · ${plan.experiments.length} experiments · ${plan.runs.length} runs, ${pending} to do`,
    '',
    ...plan.datasets.map((dataset) => datasetLine(dataset, plan, state)),
    ...[...searches].flatMap(([search, trials]) => searchLines(search, trials, state)),
    '',
    ...formatTable(columns, rows, style.dim),
    ...(plan.warnings.length > 0 ? ['', ...plan.warnings.map((warning) => style.warn(`⚠ ${warning}`))] : []),
  ];
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
    `search ${search}  ${trials.length} trials over ${settings.join(', ')}${done > 0 ? ` · ${done} done` : ''}`,
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
