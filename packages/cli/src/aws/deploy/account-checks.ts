import type { Stack } from '@aws-sdk/client-cloudformation';
import { findDeployment, findStack, outputOf } from '../deployment.ts';
import { quotas, type QuotaValue, readQuotas } from '../quotas.ts';
import { requireReady } from '../require-ready.ts';
import { type Check, checked } from './check.ts';

/** The stack that `cdk bootstrap` creates: where CDK keeps templates, and the roles with which it deploys. */
const BOOTSTRAP = 'CDKToolkit';

/** What deploying needs of the account and region: credentials, CDK's bootstrap, quotas, and a stack that can change. */
export async function examineAccount(stackName: string): Promise<Check[]> {
  let bootstrap: Stack | undefined;
  const credentials = await checked('credentials', async () => {
    const { stack, region } = await findStack(BOOTSTRAP);
    bootstrap = stack;
    return { state: 'ok', found: `valid, region ${region}` };
  });
  // Without credentials nothing else can be found out.
  if (credentials.state === 'problem') return [credentials];
  const [ofStack, values] = await Promise.all([examineStack(stackName), readQuotas(quotas)]);
  return [credentials, bootstrapCheck(bootstrap), ofStack, ...values.map(quotaCheck)];
}

function bootstrapCheck(stack: Stack | undefined): Check {
  const name = 'bootstrap';
  if (stack?.StackStatus?.endsWith('_COMPLETE') === true && !stack.StackStatus.startsWith('ROLLBACK')) {
    const version = outputOf(stack, 'BootstrapVersion');
    return { name, state: 'ok', found: version === undefined ? 'there' : `version ${version}` };
  }
  return {
    name,
    state: 'problem',
    found: stack === undefined ? 'this account and region have none' : `${BOOTSTRAP} is ${stack.StackStatus}`,
    fix: 'npx cdk bootstrap',
  };
}

function examineStack(stackName: string): Promise<Check> {
  return checked('stack', async () => {
    const { stack } = await findStack(stackName);
    const status = stack?.StackStatus ?? '';
    if (stack === undefined) return { state: 'ok', found: `${stackName} is not deployed yet` };
    if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED')
      return {
        state: 'problem',
        found: `${stackName} is ${status}, and cannot be changed`,
        fix: `remove it, then deploy again: bakeoff destroy --stack ${stackName}`,
      };
    if (status.endsWith('_IN_PROGRESS'))
      return { state: 'problem', found: `${stackName} is ${status}`, fix: 'wait until that has ended' };
    return { state: 'ok', found: `${stackName} is ${status}` };
  });
}

function quotaCheck({ name, code, vcpus, least, use }: QuotaValue): Check {
  const label = `quota ${code}`;
  if (vcpus === undefined)
    return {
      name: label,
      state: 'warning',
      found: `${name}: unknown; Service Quotas does not say, or access is denied`,
    };
  const found = `${name}: ${vcpus} vCPUs`;
  if (vcpus >= least) return { name: label, state: 'ok', found };
  return {
    name: label,
    state: 'warning',
    found: `${found}, and one job needs ${least}`,
    fix:
      use === 'gpu'
        ? 'ask for more under Service Quotas (docs/aws.md); until then train on CPUs: bakeoff submit --compute cpu'
        : 'ask for more under Service Quotas (docs/aws.md)',
  };
}

/** Whether jobs of a deployed stack could start: its images, queues and compute environments. */
export async function examineReadiness(stackName: string): Promise<Check[]> {
  const { stack } = await findStack(stackName);
  if (stack === undefined) return [];
  return [
    await checked('jobs', async () => {
      const deployment = await findDeployment(stackName);
      await requireReady(deployment);
      return { state: 'ok', found: `can start, from the images of ${deployment.imageTag?.slice(0, 12)}` };
    }),
  ];
}
