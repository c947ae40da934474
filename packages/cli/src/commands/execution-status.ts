import { executionOf, findPlan, describeJobCause, readJobName, readRunFailures } from '@bakeoff/core';
import { type BatchJob, BatchJobs } from '../aws/batch-jobs.ts';
import { findDeployment } from '../aws/deployment.ts';
import { type ExecutionDetail, Executions } from '../aws/executions.ts';
import { readRunRows } from '../aws/run-rows.ts';
import { describeWait } from '../aws/why-waiting.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { openStore } from '../plans/open-store.ts';
import { formatDuration } from '../progress/format.ts';
import type { Style } from '../progress/style.ts';
import type { AwsOptions } from './aws-options.ts';
import { countStates, runTable } from './run-table.ts';

const OTHERS_SHOWN = 5;

/** `bakeoff status [ID]`: every run of an execution with its state; of the newest execution if none is named. */
export async function executionStatus(
  id: string | undefined,
  options: AwsOptions & { readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const { output, style, clock } = context;
  const deployment = await findDeployment(options.stack);
  const executions = new Executions(deployment);
  const execution = await executions.find(id);
  const { executionId } = execution;
  const store = await openStore(deployment.storeUrl);
  const record = await executionOf(store, executionId);
  const plan = await findPlan(store, executionId);
  const jobs = execution.status === 'RUNNING' ? await new BatchJobs(deployment).active(executionId) : [];
  const rows =
    plan === undefined
      ? []
      : await readRunRows(store, plan, jobs, await readRunFailures(store, executionId), clock.nowMs());
  if (options.json === true) {
    const stages = jobs.filter(isWholeStage).map(({ name, status }) => ({ name, status }));
    output.write(`${JSON.stringify({ ...execution, planId: record?.planId ?? null, stages, runs: rows })}\n`);
    return ExitCode.done;
  }
  const seconds = ((execution.stoppedAt?.getTime() ?? clock.nowMs()) - execution.startedAt.getTime()) / 1000;
  const lines = [
    `${style.bold(executionId)}  ${colored(execution.status, style)} · ${formatDuration(seconds * 1000)}` +
      `${record === undefined ? '' : ` · plan ${record.planId}`}${rows.length > 0 ? ` · ${countStates(rows)}` : ''}`,
    ...jobs
      .filter(isWholeStage)
      .map(
        (job) => `${job.name}: ${job.status === 'RUNNING' ? 'running' : `waiting ${describeWait(job, clock.nowMs())}`}`,
      ),
    ...failureLines(execution, style),
    ...(rows.length > 0 ? ['', ...runTable(rows, style)] : []),
    ...(id === undefined ? await otherLines(executions, executionId, style) : []),
  ];
  for (const line of lines) output.write(`${line}\n`);
  return ExitCode.done;
}

function isWholeStage({ name }: BatchJob): boolean {
  return (readJobName(name)?.runId ?? null) === null;
}

function colored(status: string, style: Style): string {
  const text = status.toLowerCase().replace('_', ' ');
  return status === 'SUCCEEDED' ? style.good(text) : status === 'RUNNING' ? style.accent(text) : style.bad(text);
}

function failureLines({ status, error, cause }: ExecutionDetail, style: Style): string[] {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return [];
  const { stage, reason } = describeJobCause(cause ?? '');
  return [
    style.bad(
      `${stage === null ? (error ?? 'it ended') : `stage ${stage} failed`}: ${reason === '' ? 'no cause was given' : reason}`,
    ),
    ...(stage === null ? [] : [`  bakeoff logs ${stage}`]),
  ];
}

async function otherLines(executions: Executions, shown: string, style: Style): Promise<string[]> {
  const others = (await executions.newest(OTHERS_SHOWN + 1))
    .filter(({ executionId }) => executionId !== shown)
    .slice(0, OTHERS_SHOWN);
  return others.length === 0
    ? []
    : ['', ...others.map(({ executionId, status }) => style.dim(`${executionId}  ${status.toLowerCase()}`))];
}
