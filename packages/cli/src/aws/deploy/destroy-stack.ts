import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { UserError } from '@bakeoff/core';
import { findStack } from '../deployment.ts';
import { callAws } from '../explain-aws-error.ts';

/**
 * Deletes a stack, and waits until it is gone.
 * @param stack As found; its id still finds it when its name no longer does.
 * @throws UserError naming the resource that could not be deleted
 */
export async function destroyStack(
  { StackName: name = '', StackId: id = name }: Stack,
  { signal, intervalMs = 5000 }: { readonly signal: AbortSignal; readonly intervalMs?: number },
): Promise<void> {
  const client = new CloudFormationClient({});
  await callAws(`delete the stack ${name}`, () => client.send(new DeleteStackCommand({ StackName: id })));
  for (;;) {
    const { stack } = await findStack(id);
    if (stack === undefined || stack.StackStatus === 'DELETE_COMPLETE') return;
    if (stack.StackStatus === 'DELETE_FAILED')
      throw new UserError({
        what: `the stack ${name} could not be deleted`,
        received: await firstFailure(client, id),
        fix: 'correct what the reason says, and give the same command again',
      });
    await sleep(intervalMs, undefined, { signal });
  }
}

/** The newest events come first, and the last failure among them is the cause of the others. */
async function firstFailure(client: CloudFormationClient, id: string): Promise<string> {
  const { StackEvents = [] } = await callAws('look up the events of the stack', () =>
    client.send(new DescribeStackEventsCommand({ StackName: id })),
  );
  const failed = StackEvents.findLast(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED');
  return failed === undefined ? 'DELETE_FAILED' : `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}`;
}
