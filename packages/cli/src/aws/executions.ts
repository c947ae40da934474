import { randomBytes } from 'node:crypto';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  type ExecutionStatus,
} from '@aws-sdk/client-sfn';
import { type Clock, type TrainingCompute, trainingComputes, UserError } from '@bakeoff/core';
import type { Deployment } from './deployment.ts';
import { callAws } from './explain-aws-error.ts';

export interface ExecutionSummary {
  readonly executionId: string;
  readonly status: ExecutionStatus;
  readonly startedAt: Date;
  readonly stoppedAt?: Date;
}

export interface ExecutionDetail extends ExecutionSummary {
  /** `plans/<planId>` or `schedules/…`; undefined if Bakeoff did not start it. */
  readonly source?: string;
  /** What it trains on, if it was named when it was started. */
  readonly compute?: TrainingCompute;
  readonly error?: string;
  /** Of a failed Batch job: its description as JSON. */
  readonly cause?: string;
}

/**
 * Names of executions have at most 80 characters; the time sorts them, and the random part distinguishes two from the
 * same second. Names of Batch jobs contain the id, and take no dots.
 */
export function createExecutionId(name: string, clock: Clock): string {
  const time = new Date(clock.nowMs()).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${name.slice(0, 55).replaceAll('.', '_')}-${time}-${randomBytes(2).toString('hex')}`;
}

/** The executions of a deployment's state machine. */
export class Executions {
  private readonly client = new SFNClient({});

  constructor(private readonly deployment: Deployment) {}

  /** @param compute What it trains on; absent: the deployment's default. */
  async start(executionId: string, source: string, compute?: TrainingCompute): Promise<void> {
    await callAws(`start an execution of ${this.deployment.stackName}`, () =>
      this.client.send(
        new StartExecutionCommand({
          stateMachineArn: this.deployment.stateMachineArn,
          name: executionId,
          input: JSON.stringify({ source, compute }),
        }),
      ),
    );
  }

  /** The newest first. */
  async newest(count: number): Promise<ExecutionSummary[]> {
    const { executions = [] } = await callAws(`list the executions of ${this.deployment.stackName}`, () =>
      this.client.send(
        new ListExecutionsCommand({
          stateMachineArn: this.deployment.stateMachineArn,
          maxResults: Math.min(count, 1000),
        }),
      ),
    );
    return executions
      .map(({ name = '', status = 'RUNNING', startDate = new Date(0), stopDate }): ExecutionSummary => ({
        executionId: name,
        status,
        startedAt: startDate,
        stoppedAt: stopDate,
      }))
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
      .slice(0, count);
  }

  /** @throws UserError if no execution has this id. */
  async describe(executionId: string): Promise<ExecutionDetail> {
    const {
      name = executionId,
      status = 'RUNNING',
      startDate = new Date(0),
      stopDate,
      input,
      error,
      cause,
    } = await callAws(`look up execution ${executionId}`, async () => {
      try {
        return await this.client.send(new DescribeExecutionCommand({ executionArn: this.arnOf(executionId) }));
      } catch (failure) {
        if (!(failure instanceof Error) || (failure.name !== 'ExecutionDoesNotExist' && failure.name !== 'InvalidArn'))
          throw failure;
        const known = (await this.newest(5)).map((each) => each.executionId);
        throw new UserError(
          {
            what: `there is no execution ${executionId}`,
            received: executionId,
            allowed: known.length > 0 ? `the newest: ${known.join(', ')}` : 'none yet: submit a manifest first',
            fix: 'list them with: bakeoff status',
          },
          { cause: failure },
        );
      }
    });
    return {
      executionId: name,
      status,
      startedAt: startDate,
      stoppedAt: stopDate,
      ...readInput(input),
      error,
      cause,
    };
  }

  /** The requested execution, or else the newest. @throws UserError if there is none. */
  async find(executionId: string | undefined): Promise<ExecutionDetail> {
    const id = executionId ?? (await this.newest(1))[0]?.executionId;
    if (id === undefined)
      throw new UserError({
        what: `${this.deployment.stackName} has run nothing yet`,
        fix: 'submit a manifest: bakeoff submit experiments/quickstart.yaml',
      });
    return this.describe(id);
  }

  async stop(executionId: string): Promise<void> {
    await callAws(`stop execution ${executionId}`, () =>
      this.client.send(
        new StopExecutionCommand({
          executionArn: this.arnOf(executionId),
          error: 'Bakeoff.Cancelled',
          cause: 'cancelled by bakeoff cancel',
        }),
      ),
    );
  }

  private arnOf(executionId: string): string {
    return `${this.deployment.stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionId}`;
  }
}

function readInput(input: string | undefined): Pick<ExecutionDetail, 'source' | 'compute'> {
  try {
    const { source, compute } = JSON.parse(input ?? '{}') as { readonly source?: unknown; readonly compute?: unknown };
    return {
      source: typeof source === 'string' ? source : undefined,
      compute: trainingComputes.find((known) => known === compute),
    };
  } catch {
    return {};
  }
}
