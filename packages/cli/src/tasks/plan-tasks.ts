import {
  computes,
  type Plan,
  type PlannedRun,
  readsSources,
  stageCommand,
  type StageName,
  stageNames,
  stages,
  stageWork,
  type StageWork,
  subjectId,
  subjectUnder,
} from '@bakeoff/core';
import { evaluationMemoryBytes } from '@bakeoff/evaluator/memory';
import { trainingMemoryBytes } from '@bakeoff/trainer/memory';
import { localPaths } from '@bakeoff/data-prep/sources';
import { datasetOf } from '../plans/dataset-of.ts';
import type { SourcePlaces } from '../plans/source-places.ts';
import { isDone, isFinished, type PlanState } from '../plans/plan-state.ts';
import type { Task } from './task.ts';
import { trainingMacs } from './training-macs.ts';

export interface TaskOptions extends SourcePlaces {
  readonly store: string;
  /** Passed on to the stages that use them. */
  readonly engine: string;
}

const MIB = 2 ** 20;
/** Node, TensorFlow.js and its WASM module with nothing loaded. */
const PROCESS_BYTES = 130 * MIB;
/** Memory that a run's stage takes in addition to its process. */
const memoryBytesOf = { training: trainingMemoryBytes, inference: evaluationMemoryBytes };

/**
 * What a plan still needs, given what is in its store: everything that is missing, and then a report of all results.
 */
export function planTasks(plan: Plan, state: PlanState, options: TaskOptions): Task[] {
  const runs = plan.runs.filter(({ runId }) => !isFinished(state.runs.get(runId) ?? {}));
  if (runs.length === 0 && state.reported) return [];
  const needed = new Set(runs.map(({ datasetId }) => datasetId));
  const unfinished = { ...plan, runs, datasets: plan.datasets.filter(({ datasetId }) => needed.has(datasetId)) };
  const toTask = taskMaker(plan, options);
  const planned = new Map<StageName, readonly Task[]>();
  const isFirst = ![...state.runs.values()].some(({ record }) => record !== undefined);
  for (const stage of stageNames) {
    const before = earlierTasks(planned);
    const { requires, follows } = stages[stage];
    const works = stageWork(stage, unfinished).filter((work) => !isDone(work, state));
    planned.set(
      stage,
      works.map((work) => ({
        ...toTask(work),
        requires: before(work, requires),
        follows: before(work, follows),
        // Without a single run, there is nothing to compare or to report.
        requiresOneOf:
          isFirst && stages[stage].subject === 'plan' ? (planned.get('train') ?? []).map(({ id }) => id) : [],
      })),
    );
  }
  return [...planned.values()].flat();
}

/** Finds, among the tasks planned so far, the ids of those that a task depends on, for the given stages. */
function earlierTasks(
  planned: ReadonlyMap<StageName, readonly Task[]>,
): (work: StageWork, of: readonly StageName[]) => string[] {
  const ids = new Set([...planned.values()].flatMap((tasks) => tasks.map(({ id }) => id)));
  return (work, of) =>
    of.flatMap((stage) => {
      const subject = subjectUnder(work, stages[stage].subject);
      if (subject === undefined) return planned.get(stage)?.map(({ id }) => id) ?? [];
      return [taskId(stage, subject)].filter((id) => ids.has(id));
    });
}

function taskId(stage: StageName, subject: string): string {
  return `${stage}:${subject}`;
}

/** One stage's tasks for everything in a plan, whatever is in the store. */
export function stageTasks(stage: StageName, plan: Plan, options: TaskOptions): Task[] {
  return stageWork(stage, plan).map(taskMaker(plan, options));
}

function taskMaker(plan: Plan, options: TaskOptions): (work: StageWork) => Task {
  const labelOf = runLabeler(plan);
  return (work) => ({
    id: taskId(work.stage, subjectId(work)),
    work,
    label: 'run' in work ? labelOf(work.run) : 'dataset' in work ? work.dataset.config.source : plan.name,
    command: commandOf(work, plan, options),
    requires: [],
    follows: [],
    requiresOneOf: [],
    ...needsOf(work, plan),
  });
}

/** "resnet20", or "resnet20 · seed 2" where the plan repeats recipes with several seeds. */
function runLabeler(plan: Plan): (run: PlannedRun) => string {
  const repeated = new Set(plan.runs.map(({ recipeId }) => recipeId)).size < plan.runs.length;
  return ({ experiments: [experiment], runId, seed }) => `${experiment ?? runId}${repeated ? ` · seed ${seed}` : ''}`;
}

/** The options by which a stage finds the places of its dataset's source. */
function placeArguments(
  { datasets }: Plan,
  work: StageWork,
  { archives, cacheFolder, folder }: SourcePlaces,
): string[] {
  const read = 'dataset' in work ? [work.dataset] : datasets;
  const named = new Set(read.map(({ config }) => config.source));
  const hasPaths = read.some(({ config }) => localPaths(config).length > 0);
  return [
    ...Object.entries(archives).flatMap(([source, path]) =>
      named.has(source) ? ['--archive', source === 'cifar10' ? path : `${source}=${path}`] : [],
    ),
    '--cache',
    cacheFolder,
    ...(hasPaths && folder !== undefined ? ['--folder', folder] : []),
  ];
}

function commandOf(work: StageWork, plan: Plan, options: TaskOptions): string[] {
  const { stage } = work;
  const { planId } = plan;
  const { store, engine } = options;
  return [
    ...stageCommand(stage, {
      planId,
      store,
      datasetId: 'dataset' in work ? work.dataset.datasetId : undefined,
      runId: 'run' in work ? work.run.runId : undefined,
    }),
    ...(readsSources(stage) ? placeArguments(plan, work, options) : []),
    ...(computes(stage) ? ['--engine', engine] : []),
  ];
}

type Needs = Pick<Task, 'cores' | 'memoryBytes' | 'effort'>;

function needsOf(work: StageWork, plan: Plan): Needs {
  const { compute, memoryMib } = stages[work.stage];
  if (compute === null || !('run' in work)) return { cores: 1, memoryBytes: (memoryMib ?? 0) * MIB, effort: 0 };
  const { run } = work;
  const dataset = datasetOf(plan, run);
  const { images, classes, imageShape } = dataset;
  const data = { imageShape, classes: classes.length, images };
  const memoryBytes = PROCESS_BYTES + memoryBytesOf[compute](run.recipe, data);
  // An evaluation starts as soon as it can, ahead of trainings.
  if (compute === 'inference') return { cores: 1, memoryBytes, effort: Number.MAX_VALUE };
  return { cores: run.recipe.replicas, memoryBytes, effort: trainingMacs(run, dataset) };
}
