import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Announces the success or failure of every execution, with the location of the report. */
export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    { email }: { /** The subscribed email address, or null. */ readonly email: string | null },
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Bakeoff', enforceSSL: true });
    // A topic with a policy of its own no longer has the default one, which would let the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== null) this.topic.addSubscription(new EmailSubscription(email));
  }
}
