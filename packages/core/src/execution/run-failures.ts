import { readJobName } from '../job-name.ts';
import { keys } from '../keys.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { Store } from '../types/store.ts';

/**
 * Why a run of an execution has no result, as the state machine recorded it in
 * `executions/<executionId>/failures/<runId>.json`.
 */
export interface RunFailure {
  readonly runId: string;
  /** The stage that failed; null if the record does not name its job. */
  readonly stage: string | null;
  /** One line for people, e.g. "exit code 2 (Essential container in task exited)". */
  readonly reason: string;
  readonly exitCode: number | null;
  readonly attempts: number;
  readonly jobId: string | null;
  /** CloudWatch Logs, of the last attempt. */
  readonly logStreamName: string | null;
  /** Where CloudWatch Logs keeps the log of each attempt, the oldest first. */
  readonly logs?: readonly FailureLog[];
}

export interface FailureLog {
  readonly group: string;
  readonly stream: string;
  /** Counted from 1. */
  readonly attempt: number;
}

/** What Step Functions puts into `Cause` when an AWS Batch job fails: the job's description. */
interface JobCause {
  readonly JobId?: string;
  readonly JobName?: string;
  readonly StatusReason?: string;
  readonly Container?: {
    readonly ExitCode?: number;
    readonly Reason?: string;
    readonly LogStreamName?: string;
    readonly LogConfiguration?: { readonly Options?: Readonly<Record<string, string>> };
  };
  readonly Attempts?: readonly { readonly Container?: { readonly LogStreamName?: string } }[];
}

const READS_AT_ONCE = 32;

/** The failures of an execution by run id, at most one per run. */
export async function readRunFailures(store: Store, executionId: string): Promise<Map<string, RunFailure>> {
  const prefix = keys.executionFailures(executionId);
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  const failures = await mapConcurrently(found, READS_AT_ONCE, async (key) => {
    const body = await store.get(key);
    return describeFailure(key.slice(prefix.length).replace(/\.json$/, ''), new TextDecoder().decode(body));
  });
  return new Map(failures.map((failure) => [failure.runId, failure]));
}

/** AWS decides the form of the record, so any content becomes a reason. */
function describeFailure(runId: string, text: string): RunFailure {
  const { Error: error, Cause: cause = '' } = (parsed(text) ?? {}) as {
    readonly Error?: string;
    readonly Cause?: string;
  };
  const job = describeJobCause(cause);
  return {
    runId,
    ...job,
    reason:
      job.stage !== null
        ? job.reason
        : [error, job.reason]
            .filter((part) => part !== undefined && part !== '')
            .join(': ')
            .slice(0, 500) || text.slice(0, 500),
  };
}

/** Reads what Step Functions gives as the cause of a failed stage: the Batch job's description, or any other text. */
export function describeJobCause(cause: string): Omit<RunFailure, 'runId'> {
  const job: JobCause | undefined = parsed(cause);
  const exitCode = job?.Container?.ExitCode ?? null;
  const details = [job?.StatusReason, job?.Container?.Reason]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  const said = exitCode === null ? details : `exit code ${exitCode}${details === '' ? '' : ` (${details})`}`;
  return {
    stage: job?.JobName === undefined ? null : (readJobName(job.JobName)?.job ?? job.JobName),
    reason: said === '' ? cause.slice(0, 500) : said,
    exitCode,
    attempts: job?.Attempts?.length ?? 0,
    jobId: job?.JobId ?? null,
    logStreamName: job?.Container?.LogStreamName ?? null,
    logs: logsOf(job),
  };
}

function logsOf(job: JobCause | undefined): FailureLog[] {
  const group = job?.Container?.LogConfiguration?.Options?.['awslogs-group'];
  if (group === undefined) return [];
  const streams = (job?.Attempts ?? []).map((attempt) => attempt.Container?.LogStreamName);
  const last = job?.Container?.LogStreamName;
  if (last !== undefined && !streams.includes(last)) streams.push(last);
  return streams.flatMap((stream, i) => (stream === undefined ? [] : [{ group, stream, attempt: i + 1 }]));
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
