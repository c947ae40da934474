import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from '@aws-sdk/client-batch';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { UserError } from '@bakeoff/core';
import type { Deployment } from './deployment.ts';
import { callAws } from './explain-aws-error.ts';

/**
 * Makes sure that jobs could start, before anything is uploaded or started.
 * @throws UserError if the images of the deployed commit are missing, or a queue or compute environment is not valid
 */
export async function requireReady(deployment: Deployment): Promise<void> {
  await Promise.all([requireImages(deployment), requireQueues(deployment)]);
}

async function requireImages({ stackName, imageTag, repositories }: Deployment): Promise<void> {
  if (imageTag === undefined)
    throw new UserError({
      what: `stack ${stackName} was deployed by an earlier version, which did not name images by their commit`,
      received: 'no output ImageTag',
      fix: `deploy it again: bakeoff deploy --stack ${stackName}`,
    });
  const client = new ECRClient({});
  const missing: string[] = [];
  for (const uri of repositories) {
    const repositoryName = uri.slice(uri.indexOf('/') + 1);
    const isThere = await callAws(`look up the image ${repositoryName}:${imageTag}`, async () => {
      try {
        await client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ImageNotFoundException') return false;
        throw error;
      }
    });
    if (!isThere) missing.push(repositoryName);
  }
  if (missing.length > 0)
    throw new UserError({
      what: `the images that stack ${stackName} runs are not there`,
      received: `no tag ${imageTag} in ${missing.join(' and ')}`,
      fix: `check out that commit and push them: infra/push-images.sh ${stackName}`,
    });
}

async function requireQueues({ stackName, queueArns }: Deployment): Promise<void> {
  const client = new BatchClient({});
  const { jobQueues = [] } = await callAws('look up the job queues', () =>
    client.send(new DescribeJobQueuesCommand({ jobQueues: [...queueArns] })),
  );
  const environments = [...new Set(jobQueues.flatMap(environmentsOf))];
  const { computeEnvironments = [] } = await callAws('look up the compute environments', () =>
    client.send(new DescribeComputeEnvironmentsCommand({ computeEnvironments: environments })),
  );
  const parts = [
    ...jobQueues.map(({ jobQueueName, ...rest }) => ({ name: `queue ${jobQueueName}`, ...rest })),
    ...computeEnvironments.map(({ computeEnvironmentName, ...rest }) => ({
      name: `compute environment ${computeEnvironmentName}`,
      ...rest,
    })),
  ];
  const [broken] = parts.filter(({ state, status }) => state !== 'ENABLED' || status !== 'VALID');
  if (broken !== undefined || jobQueues.length < queueArns.length)
    throw new UserError({
      what: `stack ${stackName} cannot run jobs`,
      received:
        broken === undefined
          ? `${jobQueues.length} of ${queueArns.length} job queues`
          : `${broken.name} is ${broken.state}, ${broken.status}${broken.statusReason ? `: ${broken.statusReason}` : ''}`,
      allowed: 'ENABLED, VALID',
      fix: `correct what the reason says, then deploy again: bakeoff deploy --stack ${stackName}`,
    });
}

function environmentsOf({ computeEnvironmentOrder = [] }: JobQueueDetail): string[] {
  return computeEnvironmentOrder.flatMap(({ computeEnvironment }) => computeEnvironment ?? []);
}
