import { jobName, type JobName, jobNames, jobs, keys, prefixes } from '@bakeoff/core';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IJobQueue } from 'aws-cdk-lib/aws-batch';
import type { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  Chain,
  DefinitionBody,
  DistributedMap,
  Errors,
  Fail,
  JsonPath,
  LogLevel,
  ResultWriterV2,
  S3JsonItemReader,
  type State,
  StateMachine,
  StateMachineType,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type BatchSubmitJob, CallAwsService, SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { endJobs } from './end-jobs.ts';
import type { FargateCompute } from './fargate-compute.ts';
import type { GpuCompute } from './gpu-compute.ts';
import { ATTEMPTS, type JobDefinitions } from './job-definitions.ts';
import { jobTitle } from './job-title.ts';
import { LimitedJob } from './limited-job.ts';
import { PipelineRole } from './pipeline-role.ts';
import { type Placement, RunStates } from './run-states.ts';

export interface PipelineProps {
  /** Name of the state machine, fixed so that its role can name it. */
  readonly name: string;
  readonly bucket: Bucket;
  readonly jobs: JobDefinitions;
  /** Absent: trainings run on Fargate. */
  readonly gpu?: GpuCompute;
  readonly fargate: FargateCompute;
  /** Every queue that jobs go to. */
  readonly queues: readonly IJobQueue[];
  readonly topic: ITopic;
  /** Runs in work at the same time. */
  readonly maxConcurrentRuns: number;
  readonly logRetention: RetentionDays;
}

/** The position of the map over the runs in the order of the jobs. */
const RUN_JOBS = {
  from: jobNames.findIndex((job) => jobs[job].subject === 'run'),
  to: jobNames.findLastIndex((job) => jobs[job].subject === 'run') + 1,
};

/** How long a job may wait in addition to all its attempts, before its state ends it. */
const WAITING = Duration.hours(24);

/**
 * plan → data-prep → for every pending run: train → evaluate → compare → report → notify, in JSONPath. Every job has
 * a time limit. Input:
 * `{ "source": "plans/<planId>" }` or `{ "source": "schedules/<id>/<ISO time>" }`, and `"compute": "cpu"` to train on
 * Fargate where the deployment has GPU instances; the execution's name is its id. No
 * payload grows with the number of runs: the map reads `executions/<id>/pending.json` from the bucket, and its results
 * are discarded. Step Functions retries no job; the job definitions' own rules do.
 */
export class Pipeline extends Construct {
  readonly stateMachine: StateMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineProps,
  ) {
    super(scope, id);
    const published = this.notify(
      'Succeeded',
      JsonPath.stringAt('$.message.subject'),
      TaskInput.fromJsonPathAt('$.message.text'),
    );
    const failed = this.notify(
      'Failed',
      'Bakeoff: an execution failed',
      TaskInput.fromObject({
        execution: JsonPath.stringAt('$$.Execution.Name'),
        why: JsonPath.format('bakeoff status {}', JsonPath.stringAt('$$.Execution.Name')),
        resume: JsonPath.format('bakeoff retry {}', JsonPath.stringAt('$$.Execution.Name')),
        failure: JsonPath.stringAt('$.failure'),
      }),
    ).next(new Fail(this, 'Execution failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' }));
    const opening = jobNames.slice(0, RUN_JOBS.from).map((job) => this.stage(job, failed.startState));
    const closing = jobNames.slice(RUN_JOBS.to).map((job) => this.stage(job, failed.startState));
    const runs = this.runs();
    const message = this.readMessage();
    for (const state of [runs, message]) state.addCatch(failed, { resultPath: '$.failure' });
    const [first, ...rest] = [...opening, runs, ...closing, message, published];
    const chain = rest.reduce((sequence, state) => sequence.next(state), Chain.start(first as BatchSubmitJob));

    const { role } = new PipelineRole(this, 'Permissions', {
      stateMachineName: props.name,
      bucket: props.bucket,
      jobs: props.jobs,
      queues: props.queues,
      topic: props.topic,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: props.name,
      role: role.withoutPolicyUpdates(),
      definitionBody: DefinitionBody.fromChainable(chain),
      stateMachineType: StateMachineType.STANDARD,
      timeout: Duration.days(14),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    // The role is already referenced by its ARN, but its policy must also exist before the first execution.
    (this.stateMachine.node.defaultChild as CfnStateMachine).addOverride('DependsOn', [
      Stack.of(this).getLogicalId(role.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy),
    ]);
    // CDK attaches a policy for distributed maps to any role; PipelineRole has the part of it that is used.
    this.stateMachine.node.tryRemoveChild('DistributedMapPolicy');
  }

  /** The map over unfinished runs. If one run fails, the failure is recorded and the others continue. */
  private runs(): DistributedMap {
    const map = new DistributedMap(this, 'Runs', {
      itemReader: new S3JsonItemReader({
        bucket: this.props.bucket,
        key: JsonPath.format(keys.executionPending('{}'), JsonPath.stringAt('$$.Execution.Name')),
      }),
      itemSelector: {
        'planId.$': '$$.Execution.Name',
        'runId.$': '$$.Map.Item.Value.runId',
        // The whole input, because a path to a part that is absent would fail.
        'execution.$': '$',
      },
      maxConcurrency: this.props.maxConcurrentRuns,
      toleratedFailurePercentage: 100,
      mapExecutionType: StateMachineType.STANDARD,
      // Without a writer, the children's outputs return in one payload, and the execution fails if it exceeds 256 KiB.
      // Nothing reads what it writes.
      resultWriterV2: new ResultWriterV2({ bucket: this.props.bucket, prefix: keys.executionMapRuns }),
      resultPath: JsonPath.DISCARD,
    });
    const { start } = new RunStates(this, 'Run', {
      bucket: this.props.bucket,
      gpu: this.props.gpu,
      fargate: this.props.fargate,
      submit: (job, placement) => this.job(job, placement),
    });
    map.itemProcessor(Chain.start(start));
    return map;
  }

  /** A stage of the whole execution. If it exceeds its time limit, its job is ended. */
  private stage(job: JobName, failed: State): BatchSubmitJob {
    const state = this.job(job);
    state.addCatch(
      endJobs(this, `${jobTitle(job)} took too long`, {
        list: {
          JobQueue: this.props.fargate.queue.jobQueueArn,
          Filters: [{ Name: 'JOB_NAME', Values: JsonPath.array(this.jobName(job)) }],
        },
        action: 'terminateJob',
        reason: 'it waited and ran for longer than its time limit',
        next: failed,
      }),
      { errors: [Errors.TIMEOUT], resultPath: '$.failure' },
    );
    state.addCatch(failed, { resultPath: '$.failure' });
    return state;
  }

  private job(
    job: JobName,
    { id = jobTitle(job), queue = this.props.fargate.queue, compute = 'cpu', purchase }: Partial<Placement> = {},
  ): BatchSubmitJob {
    const ofRun = jobs[job].subject === 'run';
    const attempts = Duration.seconds(this.props.jobs.timeout(job).toSeconds() * ATTEMPTS);
    const props = {
      // `status` and `logs` find jobs by their name.
      jobName: this.jobName(job),
      jobDefinitionArn: this.props.jobs.definition(job, compute).jobDefinitionArn,
      jobQueueArn: queue.jobQueueArn,
      payload: TaskInput.fromObject({
        planId: JsonPath.stringAt(ofRun ? '$.planId' : '$$.Execution.Name'),
        store: `s3://${this.props.bucket.bucketName}`,
        ...(ofRun ? { runId: JsonPath.stringAt('$.runId') } : {}),
        ...(job === 'plan' ? { source: JsonPath.stringAt('$.source') } : {}),
      }),
      // A Fargate task cannot find out whether it is on Spot, which its price depends on.
      ...(purchase === undefined ? {} : { containerOverrides: { environment: { BAKEOFF_PURCHASE: purchase } } }),
      resultPath: JsonPath.DISCARD,
    };
    return new LimitedJob(this, id, props, attempts.plus(WAITING));
  }

  private jobName(job: JobName): string {
    return JsonPath.format(
      jobName(job, '{}'),
      JsonPath.stringAt(jobs[job].subject === 'run' ? '$.runId' : '$$.Execution.Name'),
    );
  }

  /** Reads the message that the report stage has written. */
  private readMessage(): CallAwsService {
    return new CallAwsService(this, 'Read the message', {
      service: 's3',
      action: 'getObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: JsonPath.format(keys.executionMessage('{}'), JsonPath.stringAt('$$.Execution.Name')),
      },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:GetObject',
      resultSelector: { 'message.$': 'States.StringToJson($.Body)' },
    });
  }

  private notify(id: string, subject: string, message: TaskInput): SnsPublish {
    return new SnsPublish(this, id, { topic: this.props.topic, subject, message, resultPath: JsonPath.DISCARD });
  }
}
