import { type StageName, stages } from './stages.ts';

export interface StageArguments {
  /** The id of a plan, or of an execution, whose plan a store keeps under `executions/<id>/`. */
  readonly planId: string;
  /** Store URL, e.g. `./out` or `s3://bucket/prefix`. */
  readonly store: string;
  /** For stages that work on datasets; absent: every dataset of the plan. */
  readonly datasetId?: string;
  /** For stages that work on runs. */
  readonly runId?: string;
}

/**
 * The arguments of `bakeoff` for one stage: the one source of truth for the local runner, containers and job
 * definitions (which pass references such as `Ref::planId`).
 */
export function stageCommand(stage: StageName, { planId, store, datasetId, runId }: StageArguments): string[] {
  return [stage, '--plan', planId, ...subject(stage, datasetId, runId), '--store', store];
}

function subject(stage: StageName, datasetId: string | undefined, runId: string | undefined): string[] {
  const kind = stages[stage].subject;
  if (kind === 'dataset') return datasetId === undefined ? [] : ['--dataset', datasetId];
  if (kind === 'plan') return [];
  if (runId === undefined) throw new TypeError(`stage ${stage} needs the run it works on`);
  return ['--run', runId];
}

export interface ExecutionArguments {
  readonly executionId: string;
  /**
   * The source of the execution: `plans/<planId>`, or one occurrence of a schedule,
   * `schedules/<scheduleId>/<ISO time>`.
   */
  readonly source: string;
  readonly store: string;
}

/** The arguments of `bakeoff` that open an execution: write its plan and the list of its unfinished runs. */
export function executionCommand({ executionId, source, store }: ExecutionArguments): string[] {
  return ['plan', '--execution', executionId, '--source', source, '--store', store];
}
