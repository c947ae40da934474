import { executionOf, findPlan, describeJobCause, readJobName, readRunFailures } from '@bakeoff/core';
import { type BatchJob, BatchJobs } from '../aws/batch-jobs.ts';
import { findDeployment } from '../aws/deployment.ts';
import { type ExecutionDetail, Executions } from '../aws/executions.ts';
import { readRunRows, type RunRow } from '../aws/run-rows.ts';
import { describeWait } from '../aws/why-waiting.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { openStore } from '../plans/open-store.ts';
import { formatDuration, formatPercent, plural } from '../progress/format.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { AwsOptions } from './aws-options.ts';

interface StatusOptions extends AwsOptions {
  readonly json?: boolean;
}

/** Rows that are printed; --json has all of them. */
const MAX_ROWS = 60;
const OTHERS_SHOWN = 5;

/** `bakeoff status [ID]`: every run of an execution with its state; of the newest execution if none is named. */
export async function statusCommand(
  id: string | undefined,
  options: StatusOptions,
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
      `${record === undefined ? '' : ` · plan ${record.planId}`}${rows.length > 0 ? ` · ${counts(rows)}` : ''}`,
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

function counts(rows: readonly RunRow[]): string {
  const byState = new Map<string, number>();
  for (const { state } of rows) byState.set(state, (byState.get(state) ?? 0) + 1);
  return `${plural(rows.length, 'run')}: ${[...byState].map(([state, count]) => `${count} ${state}`).join(', ')}`;
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

/** Unfinished runs come first: they are what a reader looks for. */
function runTable(rows: readonly RunRow[], style: Style): string[] {
  const order = ['failed', 'training', 'evaluating', 'waiting', 'pending', 'evaluated'];
  const sorted = [...rows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const cells = sorted
    .slice(0, MAX_ROWS)
    .map(({ runId, experiments, seed, state, detail, progress, secondsLeft }) => [
      runId.slice(0, 8),
      experiments.join(', '),
      String(seed),
      state === 'failed' ? style.bad(state) : state === 'evaluated' ? style.good(state) : state,
      progress === null ? '' : formatPercent(progress),
      secondsLeft === null ? '' : formatDuration(secondsLeft * 1000),
      detail,
    ]);
  const columns = [
    left('run'),
    left('experiments'),
    right('seed'),
    left('state'),
    right('progress'),
    right('at most left'),
    left(''),
  ];
  return [
    ...formatTable(columns, cells, style.dim),
    ...(rows.length > MAX_ROWS ? [style.dim(`… and ${rows.length - MAX_ROWS} more; --json has all`)] : []),
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
