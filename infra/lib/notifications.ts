import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Success and failure of every execution, with the report's place. */
export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    { email }: { /** Subscribed address, or none. */ readonly email: string | null },
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Bakeoff', enforceSSL: true });
    if (email !== null) this.topic.addSubscription(new EmailSubscription(email));
  }
}
