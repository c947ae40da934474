import type { Duration } from 'aws-cdk-lib';
import type { QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import { BatchSubmitJob, type BatchSubmitJobProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/**
 * Submits a job and waits for its end, but not longer than a limit. CDK turns the timeout of a BatchSubmitJob into that
 * of the job's attempts, and leaves the state without one.
 */
export class LimitedJob extends BatchSubmitJob {
  constructor(
    scope: Construct,
    id: string,
    props: BatchSubmitJobProps,
    private readonly limit: Duration,
  ) {
    super(scope, id, props);
  }

  override toStateJson(topLevelQueryLanguage?: QueryLanguage): object {
    return { ...super.toStateJson(topLevelQueryLanguage), TimeoutSeconds: this.limit.toSeconds() };
  }
}
