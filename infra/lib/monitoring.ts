import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IJobQueue } from 'aws-cdk-lib/aws-batch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface MonitoringProps {
  readonly stateMachine: StateMachine;
  readonly topic: ITopic;
  readonly queues: readonly IJobQueue[];
}

/**
 * A dashboard of executions and their duration, alarms for failed and timed-out executions (both within CloudWatch's
 * free tier), and a message if a job blocks a queue.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { stateMachine, topic, queues }: MonitoringProps) {
    super(scope, id);
    const started = stateMachine.metricStarted({ period: Duration.hours(1) });
    const failed = stateMachine.metricFailed({ period: Duration.minutes(5) });
    const timedOut = stateMachine.metricTimedOut({ period: Duration.minutes(5) });
    for (const [name, metric] of Object.entries({ Failed: failed, TimedOut: timedOut }))
      this.alarm(name, metric, topic);
    this.reportBlockedQueues(queues, topic);
    new Dashboard(this, 'Dashboard', {
      widgets: [
        [
          new GraphWidget({
            title: 'Executions',
            width: 12,
            left: [
              started,
              stateMachine.metricSucceeded({ period: Duration.hours(1) }),
              stateMachine.metricFailed({ period: Duration.hours(1) }),
            ],
          }),
          new GraphWidget({
            title: 'Time of an execution',
            width: 12,
            left: [stateMachine.metricTime({ period: Duration.hours(1) })],
          }),
        ],
      ],
    });
  }

  /** Batch sends this event, with the cause, once it detects that a job at the head of a queue cannot start. */
  private reportBlockedQueues(queues: readonly IJobQueue[], topic: ITopic): void {
    const [name, reason, queue] = ['jobName', 'statusReason', 'jobQueue'].map((field) =>
      EventField.fromPath(`$.detail.${field}`),
    );
    new Rule(this, 'QueueBlocked', {
      description: 'A job blocks a Bakeoff queue',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job Queue Blocked'],
        detail: { jobQueue: queues.map((each) => each.jobQueueArn) },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            `Bakeoff: the job ${name} cannot start and blocks the jobs behind it.\nCause: ${reason}\nQueue: ${queue}\nSee: bakeoff status`,
          ),
        }),
      ],
    });
  }

  private alarm(name: string, metric: Metric, topic: ITopic): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}
