import { JsonPath, Map as InlineMap, type State } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

export interface EndJobsProps {
  /** Batch's names of its action and of the parameters that select jobs in one queue. */
  readonly list: Readonly<Record<string, unknown>>;
  /**
   * cancelJob ends only jobs that have not started yet; a waiting one ends when it reaches the head of its queue.
   * terminateJob ends running ones too.
   */
  readonly action: 'cancelJob' | 'terminateJob';
  /** What Batch gives as the job's status reason. */
  readonly reason: string;
  readonly next: State;
}

/**
 * Two states that list jobs and end each of them. Whether that succeeds or not, `next` follows, with the same input.
 * The caller's role needs batch:ListJobs and the action.
 */
export function endJobs(scope: Construct, id: string, { list, action, reason, next }: EndJobsProps): State {
  const permission = action === 'cancelJob' ? 'batch:CancelJob' : 'batch:TerminateJob';
  const end = new CallAwsService(scope, `${id}: end`, {
    service: 'batch',
    action,
    parameters: { JobId: JsonPath.stringAt('$.jobId'), Reason: reason },
    iamResources: ['*'],
    iamAction: permission,
    resultPath: JsonPath.DISCARD,
  });
  const each = new InlineMap(scope, `${id}: each`, {
    itemsPath: '$.found.jobs',
    itemSelector: { 'jobId.$': '$$.Map.Item.Value' },
    resultPath: JsonPath.DISCARD,
  });
  each.itemProcessor(end);
  each.addCatch(next, { resultPath: JsonPath.DISCARD });
  each.next(next);
  const found = new CallAwsService(scope, id, {
    service: 'batch',
    action: 'listJobs',
    parameters: { ...list },
    iamResources: ['*'],
    iamAction: 'batch:ListJobs',
    // Ids alone, a hundred at most.
    resultSelector: { 'jobs.$': '$.JobSummaryList[*].JobId' },
    resultPath: '$.found',
  });
  found.addCatch(next, { resultPath: JsonPath.DISCARD });
  found.next(each);
  return found;
}
