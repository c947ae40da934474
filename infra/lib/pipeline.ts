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
import { PipelineRole } from './pipeline-role.ts';
import type { JobName } from './stage-permissions.ts';

export interface PipelineProps {
  /** Name of the state machine, fixed so that its role can name it. */
  readonly name: string;
  readonly bucket: Bucket;
  readonly jobs: JobDefinitions;
  readonly gpu: GpuCompute;
  readonly fargate: FargateCompute;
  readonly topic: ITopic;
  /** Runs trained at once. */
  readonly maxConcurrentRuns: number;
  readonly logRetention: RetentionDays;
}

/**
 * plan → data-prep → for every pending run: train → evaluate → compare → report → notify, in JSONPath.
 * Input: `{ "source": "plans/<planId>" }` or `{ "source": "schedules/<id>/<ISO time>" }`; the execution's name is its id.
 * No payload grows with the number of runs: the map reads `executions/<id>/pending.json` from the bucket and its results are dropped.
 * Step Functions itself retries no job: the job definitions' own rules do.
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
        `s3://${props.bucket.bucketName}/reports/latest/{}/index.html`,
        JsonPath.stringAt('$.record.name'),
      ),
    });
    const failed = this.notify('Failed', 'Bakeoff: an execution failed', {
      failure: JsonPath.stringAt('$.failure'),
    }).next(new Fail(this, 'Execution failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' }));
    const stages = ['plan', 'data-prep'].map((job) => this.job(job as JobName, 'execution'));
    const closing = [...['compare', 'report'].map((job) => this.job(job as JobName, 'execution')), this.readRecord()];
    const runs = this.runs();
    for (const state of [...stages, runs, ...closing]) state.addCatch(failed, { resultPath: '$.failure' });
    const [first, ...rest] = [...stages, runs, ...closing, published];
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
    // The role itself is named by its ARN already; its policy has to be there before the first execution.
    (this.stateMachine.node.defaultChild as CfnStateMachine).addOverride('DependsOn', [
      Stack.of(this).getLogicalId(role.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy),
    ]);
    // CDK attaches a policy for distributed maps to any role; PipelineRole has what of it is used.
    this.stateMachine.node.tryRemoveChild('DistributedMapPolicy');
  }

  /** The map over unfinished runs; one run's failure is recorded and the rest goes on. */
  private runs(): DistributedMap {
    const map = new DistributedMap(this, 'Runs', {
      itemReader: new S3JsonItemReader({
        bucket: this.props.bucket,
        key: JsonPath.format('executions/{}/pending.json', JsonPath.stringAt('$$.Execution.Name')),
      }),
      itemSelector: { 'planId.$': '$$.Execution.Name', 'runId.$': '$$.Map.Item.Value.runId' },
      maxConcurrency: this.props.maxConcurrentRuns,
      toleratedFailurePercentage: 100,
      mapExecutionType: StateMachineType.STANDARD,
      // Without a writer the children's outputs come back in one payload, which ends the execution beyond 256 KiB. Nothing reads what it writes.
      resultWriterV2: new ResultWriterV2({ bucket: this.props.bucket, prefix: 'executions/map-runs' }),
      resultPath: JsonPath.DISCARD,
    });
    const record = this.recordFailure();
    const evaluate = this.job('evaluate', 'run').addCatch(record, { resultPath: '$.failure' });
    const onDemand = this.job('train', 'run', { id: 'Train on demand', queue: this.props.gpu.onDemandQueue }).addCatch(
      record,
      { resultPath: '$.failure' },
    );
    const capacity = new Choice(this, 'Was it capacity?')
      .when(
        Condition.and(
          Condition.isPresent('$.failure.Cause'),
          Condition.stringMatches('$.failure.Cause', '*CAPACITY:*'),
        ),
        onDemand,
      )
      .otherwise(record);
    const train = this.job('train', 'run').addCatch(capacity, { resultPath: '$.failure' });
    onDemand.next(evaluate);
    map.itemProcessor(Chain.start(train).next(evaluate));
    return map;
  }

  private job(
    job: JobName,
    scope: 'execution' | 'run',
    { id, queue }: { id?: string; queue?: IJobQueue } = {},
  ): BatchSubmitJob {
    const planId = scope === 'execution' ? '$$.Execution.Name' : '$.planId';
    return new BatchSubmitJob(this, id ?? `${job[0]?.toUpperCase()}${job.slice(1)}`, {
      // `status` and `logs` find a run's jobs by their name.
      jobName: scope === 'run' ? JsonPath.format(`${job}-{}`, JsonPath.stringAt('$.runId')) : job,
      jobDefinitionArn: this.props.jobs.definitions[job].jobDefinitionArn,
      jobQueueArn: (queue ?? (job === 'train' ? this.props.gpu.spotQueue : this.props.fargate.queue)).jobQueueArn,
      payload: TaskInput.fromObject({
        planId: JsonPath.stringAt(planId),
        store: `s3://${this.props.bucket.bucketName}`,
        ...(scope === 'run' ? { runId: JsonPath.stringAt('$.runId') } : {}),
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
          'executions/{}/failures/{}.json',
          JsonPath.stringAt('$.planId'),
          JsonPath.stringAt('$.runId'),
        ),
        Body: JsonPath.objectAt('$.failure'),
        ContentType: 'application/json',
      },
      iamResources: [this.props.bucket.arnForObjects('executions/*')],
      iamAction: 's3:PutObject',
      resultPath: JsonPath.DISCARD,
    });
  }

  /** The report's address holds the manifest's name, which the execution's record knows. */
  private readRecord(): CallAwsService {
    return new CallAwsService(this, 'Read the record', {
      service: 's3',
      action: 'getObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: JsonPath.format('executions/{}/execution.json', JsonPath.stringAt('$$.Execution.Name')),
      },
      iamResources: [this.props.bucket.arnForObjects('executions/*')],
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
