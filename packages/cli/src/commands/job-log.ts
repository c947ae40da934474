import { jobName, jobNames, jobs, readJobName, UserError, type WholeJobName, wholeJobNames } from '@bakeoff/core';
import { type BatchJob, BatchJobs } from '../aws/batch-jobs.ts';
import { type Deployment, findDeployment } from '../aws/deployment.ts';
import { Executions } from '../aws/executions.ts';
import { findFailedRuns } from '../aws/failure-logs.ts';
import { openStore } from '../plans/open-store.ts';
import { JobLogs } from '../aws/job-logs.ts';
import { whyWaiting } from '../aws/why-waiting.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { AwsOptions } from './aws-options.ts';
import { nextLook } from './next-look.ts';

/** Executions whose records of failures are searched for a run that Batch no longer knows. */
const SEARCHED_EXECUTIONS = 100;

export function isWholeJob(name: string): name is WholeJobName {
  return (wholeJobNames as readonly string[]).includes(name);
}

/** `bakeoff logs RUN`: the logs of a run's jobs, attempt by attempt. */
export async function jobLog(
  run: string,
  { stack, follow }: AwsOptions & { readonly follow?: boolean },
  context: CommandContext,
): Promise<number> {
  const deployment = await findDeployment(stack);
  const batch = new BatchJobs(deployment);
  const found = isWholeJob(run) ? await stageJobs(batch, run) : await runJobs(batch, deployment, run);
  const printed = new Map<string, string | undefined>();
  for (const job of found) await printJob(job, printed, context);
  let last = found.at(-1)!;
  if (follow === true) {
    while (!hasEnded(last)) {
      await nextLook(context.signal);
      last = (await batch.describe([last.jobId]))[0] ?? last;
      await printJob(last, printed, context);
    }
  }
  if (last.logs.length === 0 && !hasEnded(last))
    context.messages.write(
      `${last.name} has not written anything yet: ${last.status.toLowerCase()}, waiting ${whyWaiting(last)}\n`,
    );
  return ExitCode.done;
}

/** The newest job of a stage that works on a whole execution. */
async function stageJobs(batch: BatchJobs, stage: string): Promise<BatchJob[]> {
  const newest = (await batch.named(stage)).filter(({ name }) => readJobName(name)?.job === stage).slice(-1);
  if (newest.length === 0)
    throw new UserError({
      what: `there is no job of the stage ${stage}`,
      received: stage,
      fix: 'see what has run: bakeoff status',
    });
  return newest;
}

/** The jobs of one run, which may be given by the first letters of its id. */
async function runJobs(batch: BatchJobs, deployment: Deployment, prefix: string): Promise<BatchJob[]> {
  const found: BatchJob[] = [];
  for (const job of jobNames.filter((each) => jobs[each].subject === 'run'))
    found.push(...(await batch.named(jobName(job, prefix))));
  if (found.length === 0) found.push(...(await forgottenJobs(deployment, prefix)));
  const runs = [...new Set(found.map(({ name }) => readJobName(name)?.runId ?? name))];
  if (runs.length === 1) return found;
  throw new UserError({
    what: runs.length === 0 ? 'there is no job of such a run' : 'several run ids begin with this',
    received: prefix,
    allowed:
      runs.length === 0
        ? `a run’s id as \`bakeoff status\` shows it, or ${wholeJobNames.join(', ')}; Batch forgets jobs some days after they end, and only failed ones are recorded elsewhere`
        : runs.slice(0, 10).join(', '),
  });
}

/** Failed jobs that Batch no longer knows, from the records of the newest executions. */
async function forgottenJobs(deployment: Deployment, prefix: string): Promise<BatchJob[]> {
  const executions = await new Executions(deployment).newest(SEARCHED_EXECUTIONS);
  const failures = await findFailedRuns(
    await openStore(deployment.storeUrl),
    executions.map(({ executionId }) => executionId),
    prefix,
  );
  return failures.map(({ runId, stage, jobId, attempts, logs = [] }) => ({
    jobId: jobId ?? '',
    name: `${stage ?? 'train'}-${runId}`,
    status: 'FAILED',
    createdAt: 0,
    attempts,
    logs,
  }));
}

function hasEnded({ status }: BatchJob): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** Prints what has been written since the last time. */
async function printJob(
  { name, logs }: BatchJob,
  printed: Map<string, string | undefined>,
  { output, style }: CommandContext,
): Promise<void> {
  const reader = new JobLogs();
  for (const log of logs) {
    const key = `${log.group} ${log.stream}`;
    const { lines, token } = await reader.read(log, printed.get(key));
    if (!printed.has(key)) output.write(`${style.bold(`${name}, attempt ${log.attempt}`)}  ${style.dim(log.stream)}\n`);
    printed.set(key, token);
    for (const line of lines) output.write(`${line}\n`);
  }
}
