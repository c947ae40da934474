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
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/**
 * A dashboard of executions and their duration, and alarms for failed and timed-out executions (both within
 * CloudWatch's free tier).
 */
export class Monitoring extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stateMachine, topic }: { readonly stateMachine: StateMachine; readonly topic: ITopic },
  ) {
    super(scope, id);
    const started = stateMachine.metricStarted({ period: Duration.hours(1) });
    const failed = stateMachine.metricFailed({ period: Duration.minutes(5) });
    const timedOut = stateMachine.metricTimedOut({ period: Duration.minutes(5) });
    for (const [name, metric] of Object.entries({ Failed: failed, TimedOut: timedOut }))
      this.alarm(name, metric, topic);
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
