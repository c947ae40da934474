import { jobName, type JobName, jobNames, jobs, keys, prefixes, type TrainingCompute } from '@bakeoff/core';
import { Choice, Condition, Errors, JsonPath, type State } from 'aws-cdk-lib/aws-stepfunctions';
import { type BatchSubmitJob, CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { IJobQueue } from 'aws-cdk-lib/aws-batch';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { endJobs } from './end-jobs.ts';
import type { FargateCompute } from './fargate-compute.ts';
import type { GpuCompute } from './gpu-compute.ts';
import { jobTitle } from './job-title.ts';

export interface RunStatesProps {
  readonly bucket: Bucket;
  /** Absent: trainings run on Fargate. */
  readonly gpu?: GpuCompute;
  readonly fargate: FargateCompute;
  /** The state that submits a job to a queue and waits for its end. */
  readonly submit: (job: JobName, placement: Placement) => BatchSubmitJob;
}

/** Where a job runs. */
export interface Placement {
  /** Name of the state that submits it. */
  readonly id: string;
  readonly queue: IJobQueue;
  readonly compute: TrainingCompute;
  /** Of a training on Fargate. */
  readonly purchase?: 'spot' | 'on-demand';
}

/** Two queues for trainings: Spot, and where they go if it has no capacity. The words distinguish names of states. */
interface SpotAndDemand {
  readonly compute: TrainingCompute;
  readonly spotQueue: IJobQueue;
  readonly onDemandQueue: IJobQueue;
  /** The state that trains on Spot. */
  readonly title: string;
  readonly spot: string;
}

/** How long trainings go straight to on-demand after Spot had no capacity for one. */
const ON_DEMAND_MS = 3600 * 1000;
/** Part of the cause of a job that ended because its queue had no capacity; also the reason given to those behind it. */
const NO_CAPACITY = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';

/**
 * What happens to one run: train → evaluate. Input: `{ planId (the execution's id), runId }`. A failed run is recorded,
 * and its execution goes on.
 *
 * A training waits in the Spot queue. Batch ends only the queue's first job if Spot has no capacity, so one such end
 * speaks for all: the execution's trainings of the next hour go straight to on-demand, and those that wait in the Spot
 * queue are cancelled, which brings them here too.
 */
export class RunStates extends Construct {
  readonly start: State;
  private readonly record: CallAwsService;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RunStatesProps,
  ) {
    super(scope, id);
    this.record = this.recordFailure();
    const ofRun = jobNames.filter((job) => jobs[job].subject === 'run');
    this.start = ofRun.reduceRight<State | undefined>(
      (next, job) => (jobs[job].batch.gpus > 0 ? this.training(job, next) : this.onFargate(job, next)),
      undefined,
    )!;
  }

  private onFargate(job: JobName, next: State | undefined): State {
    const placement = { id: jobTitle(job), queue: this.props.fargate.queue, compute: 'cpu' } as const;
    return this.attempt(job, placement, this.record, next);
  }

  /** On GPU instances where the deployment has them, unless the execution asks for CPUs. */
  private training(job: JobName, next: State | undefined): State {
    const { gpu, fargate } = this.props;
    const title = jobTitle(job);
    const onCpu = this.onSpotFirst(job, next, {
      compute: 'cpu',
      spotQueue: fargate.spotQueue,
      onDemandQueue: fargate.queue,
      title: `${title} on CPU`,
      spot: 'Fargate Spot',
    });
    if (gpu === undefined) return onCpu;
    const onGpu = this.onSpotFirst(job, next, {
      compute: 'gpu',
      spotQueue: gpu.spotQueue,
      onDemandQueue: gpu.onDemandQueue,
      title,
      spot: 'Spot',
    });
    const compute = '$.execution.compute';
    return new Choice(this, 'On which compute?')
      .when(Condition.and(Condition.isPresent(compute), Condition.stringEquals(compute, 'cpu')), onCpu)
      .otherwise(onGpu);
  }

  private onSpotFirst(job: JobName, next: State | undefined, where: SpotAndDemand): State {
    const { compute, spotQueue, onDemandQueue, title, spot } = where;
    const place = (id: string, queue: IJobQueue, purchase: Placement['purchase']): Placement => ({
      id,
      queue,
      compute,
      ...(compute === 'cpu' ? { purchase } : {}),
    });
    const onDemand = this.attempt(job, place(`${title} on demand`, onDemandQueue, 'on-demand'), this.record, next);
    const capacity = new Choice(this, compute === 'gpu' ? 'Was it capacity?' : `Was it ${spot}’s capacity?`)
      .when(
        Condition.and(
          Condition.isPresent('$.failure.Cause'),
          Condition.stringMatches('$.failure.Cause', `*${NO_CAPACITY}*`),
        ),
        this.leaveSpot(onDemand, where),
      )
      .otherwise(this.record);
    const onSpot = this.attempt(job, place(title, spotQueue, 'spot'), capacity, next);
    return this.askForSpot(onSpot, onDemand, spot);
  }

  /** One state that runs a job. If the job exceeds its time limit, it is ended, because Step Functions may not do so. */
  private attempt(
    job: JobName,
    placement: Placement,
    onFailure: Choice | CallAwsService,
    next: State | undefined,
  ): BatchSubmitJob {
    const { id, queue } = placement;
    const state = this.props.submit(job, placement);
    const name = JsonPath.format(jobName(job, '{}'), JsonPath.stringAt('$.runId'));
    state.addCatch(
      endJobs(this, `${id} took too long`, {
        list: { JobQueue: queue.jobQueueArn, Filters: [{ Name: 'JOB_NAME', Values: JsonPath.array(name) }] },
        action: 'terminateJob',
        reason: 'it waited and ran for longer than its time limit',
        next: this.record,
      }),
      { errors: [Errors.TIMEOUT], resultPath: '$.failure' },
    );
    state.addCatch(onFailure, { resultPath: '$.failure' });
    if (next !== undefined) state.next(next);
    return state;
  }

  /** Reads whether an earlier training found no Spot capacity; without such a record, Spot is asked. */
  private askForSpot(onSpot: State, onDemand: State, spot: string): State {
    const read = new CallAwsService(this, `Has ${spot} had capacity?`, {
      service: 's3',
      action: 'getObject',
      parameters: { Bucket: this.props.bucket.bucketName, Key: this.key(keys.executionOnDemand('{}'), '$.planId') },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:GetObject',
      resultSelector: { 'record.$': 'States.StringToJson($.Body)', 'now.$': '$$.State.EnteredTime' },
      resultPath: '$.onDemand',
    });
    read.addCatch(onSpot, { resultPath: JsonPath.DISCARD });
    read.next(
      new Choice(this, spot === 'Spot' ? 'Is that over?' : `Is ${spot}’s lack over?`)
        .when(Condition.timestampGreaterThanJsonPath('$.onDemand.record.until', '$.onDemand.now'), onDemand)
        .otherwise(onSpot),
    );
    return read;
  }

  /** Records that Spot has no capacity, and brings the trainings that wait for it here. */
  private leaveSpot(onDemand: State, { spot, spotQueue }: SpotAndDemand): State {
    const cancel = endJobs(this, `Leave ${spot}`, {
      list: { JobQueue: spotQueue.jobQueueArn, JobStatus: 'RUNNABLE' },
      action: 'cancelJob',
      reason: `${NO_CAPACITY} for the training before it`,
      next: onDemand,
    });
    // JSONPath cannot add an hour.
    const until = `$fromMillis($toMillis($states.context.State.EnteredTime) + ${ON_DEMAND_MS})`;
    const remember = CallAwsService.jsonata(this, `Remember that ${spot} has none`, {
      service: 's3',
      action: 'putObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: `{% '${keys.executionOnDemand("' & $states.input.planId & '")}' %}`,
        Body: { until: `{% ${until} %}` },
        ContentType: 'application/json; charset=utf-8',
      },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:PutObject',
      outputs: '{% $states.input %}',
    });
    remember.addCatch(cancel, { outputs: '{% $states.input %}' });
    remember.next(cancel);
    return remember;
  }

  private recordFailure(): CallAwsService {
    return new CallAwsService(this, 'Record the failure', {
      service: 's3',
      action: 'putObject',
      parameters: {
        Bucket: this.props.bucket.bucketName,
        Key: this.key(keys.executionFailure('{}', '{}'), '$.planId', '$.runId'),
        Body: JsonPath.objectAt('$.failure'),
        ContentType: 'application/json; charset=utf-8',
      },
      iamResources: [this.props.bucket.arnForObjects(`${prefixes.executions}*`)],
      iamAction: 's3:PutObject',
      resultPath: JsonPath.DISCARD,
    });
  }

  private key(template: string, ...paths: string[]): string {
    return JsonPath.format(template, ...paths.map((path) => JsonPath.stringAt(path)));
  }
}
