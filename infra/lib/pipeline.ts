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
  Choice,
  Condition,
  DefinitionBody,
  DistributedMap,
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
import { BatchSubmitJob, CallAwsService, SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { FargateCompute } from './fargate-compute.ts';
import type { GpuCompute } from './gpu-compute.ts';
import type { JobDefinitions } from './job-definitions.ts';
import { jobTitle } from './job-title.ts';
import { PipelineRole } from './pipeline-role.ts';

export interface PipelineProps {
  /** Name of the state machine, fixed so that its role can name it. */
  readonly name: string;
  readonly bucket: Bucket;
  readonly jobs: JobDefinitions;
  readonly gpu: GpuCompute;
  readonly fargate: FargateCompute;
  readonly topic: ITopic;
  /** Runs trained at the same time. */
  readonly maxConcurrentRuns: number;
  readonly logRetention: RetentionDays;
}

/** The position of the map over the runs in the order of the jobs. */
const RUN_JOBS = {
  from: jobNames.findIndex((job) => jobs[job].subject === 'run'),
  to: jobNames.findLastIndex((job) => jobs[job].subject === 'run') + 1,
};

/**
 * plan → data-prep → for every pending run: train → evaluate → compare → report → notify, in JSONPath. Input:
 * `{ "source": "plans/<planId>" }` or `{ "source": "schedules/<id>/<ISO time>" }`; the execution's name is its id. No
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
    const published = this.notify('Succeeded', 'Bakeoff: the report is ready', {
      report: JsonPath.format(
        `s3://${props.bucket.bucketName}/${keys.latestReportPage('{}')}`,
        JsonPath.stringAt('$.record.name'),
      ),
    });
    const failed = this.notify('Failed', 'Bakeoff: an execution failed', {
      failure: JsonPath.stringAt('$.failure'),
    }).next(new Fail(this, 'Execution failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' }));
    const opening = jobNames.slice(0, RUN_JOBS.from).map((job) => this.job(job));
    const closing = [...jobNames.slice(RUN_JOBS.to).map((job) => this.job(job)), this.readRecord()];
    const runs = this.runs();
    for (const state of [...opening, runs, ...closing]) state.addCatch(failed, { resultPath: '$.failure' });
    const [first, ...rest] = [...opening, runs, ...closing, published];
    const chain = rest.reduce((sequence, state) => sequence.next(state), Chain.start(first as BatchSubmitJob));

    const { role } = new PipelineRole(this, 'Permissions', {
      stateMachineName: props.name,
      bucket: props.bucket,
      jobs: props.jobs,
      queues: [props.gpu.spotQueue, props.gpu.onDemandQueue, props.fargate.queue],
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
      itemSelector: { 'planId.$': '$$.Execution.Name', 'runId.$': '$$.Map.Item.Value.runId' },
      maxConcurrency: this.props.maxConcurrentRuns,
      toleratedFailurePercentage: 100,
      mapExecutionType: StateMachineType.STANDARD,
      // Without a writer, the children's outputs return in one payload, and the execution fails if it exceeds 256 KiB.
      // Nothing reads what it writes.
      resultWriterV2: new ResultWriterV2({ bucket: this.props.bucket, prefix: keys.executionMapRuns }),
      resultPath: JsonPath.DISCARD,
    });
    const record = this.recordFailure();
    const first = jobNames
      .slice(RUN_JOBS.from, RUN_JOBS.to)
      .reduceRight<State | undefined>((next, job) => this.runJob(job, next, record), undefined);
    map.itemProcessor(Chain.start(first!));
    return map;
  }

  /** One job of a run, and what follows it. If Spot has no capacity for a training, it is retried on demand. */
  private runJob(job: JobName, next: State | undefined, record: CallAwsService): State {
    const onFailure = (state: BatchSubmitJob, handler: Choice | CallAwsService): BatchSubmitJob => {
      state.addCatch(handler, { resultPath: '$.failure' });
      if (next !== undefined) state.next(next);
      return state;
    };
    if (jobs[job].batch.gpus === 0) return onFailure(this.job(job), record);
    const onDemand = this.job(job, { id: `${jobTitle(job)} on demand`, queue: this.props.gpu.onDemandQueue });
    const capacity = new Choice(this, 'Was it capacity?')
      .when(
        Condition.and(
          Condition.isPresent('$.failure.Cause'),
          Condition.stringMatches('$.failure.Cause', '*CAPACITY:*'),
        ),
        onFailure(onDemand, record),
      )
      .otherwise(record);
    return onFailure(this.job(job), capacity);
  }

  private job(job: JobName, { id = jobTitle(job), queue }: { id?: string; queue?: IJobQueue } = {}): BatchSubmitJob {
    const { subject, batch } = jobs[job];
    const ofRun = subject === 'run';
    return new BatchSubmitJob(this, id, {
      // `status` and `logs` find a run's jobs by their name.
      jobName: ofRun ? JsonPath.format(jobName(job, '{}'), JsonPath.stringAt('$.runId')) : jobName(job, ''),
      jobDefinitionArn: this.props.jobs.definitions[job].jobDefinitionArn,
      jobQueueArn: (queue ?? (batch.gpus > 0 ? this.props.gpu.spotQueue : this.props.fargate.queue)).jobQueueArn,
      payload: TaskInput.fromObject({
        planId: JsonPath.stringAt(ofRun ? '$.planId' : '$$.Execution.Name'),
        store: `s3://${this.props.bucket.bucketName}`,
        ...(ofRun ? { runId: JsonPath.stringAt('$.runId') } : {}),
        ...(job === 'plan' ? { source: JsonPath.stringAt('$.source') } : {}),
      }),
      resultPath: JsonPath.DISCARD,
    });
  }

  private recordFailure(): CallAwsService {
    return new CallAwsService(this, 'Record the failure', {
      service: 's3',
      action: 'putObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: JsonPath.format(
          keys.executionFailure('{}', '{}'),
          JsonPath.stringAt('$.planId'),
          JsonPath.stringAt('$.runId'),
        ),
        Body: JsonPath.objectAt('$.failure'),
        ContentType: 'application/json',
      },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:PutObject',
      resultPath: JsonPath.DISCARD,
    });
  }

  /** Reads the manifest's name, which the report's address contains, from the execution's record. */
  private readRecord(): CallAwsService {
    return new CallAwsService(this, 'Read the record', {
      service: 's3',
      action: 'getObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: JsonPath.format(keys.execution('{}'), JsonPath.stringAt('$$.Execution.Name')),
      },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:GetObject',
      resultSelector: { 'record.$': 'States.StringToJson($.Body)' },
    });
  }

  private notify(id: string, subject: string, more: Record<string, string> = {}): SnsPublish {
    return new SnsPublish(this, id, {
      topic: this.props.topic,
      subject,
      message: TaskInput.fromObject({
        execution: JsonPath.stringAt('$$.Execution.Name'),
        fetch: JsonPath.format('bakeoff fetch {}', JsonPath.stringAt('$$.Execution.Name')),
        ...more,
      }),
      resultPath: JsonPath.DISCARD,
    });
  }
}
