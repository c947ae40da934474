import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { mockClient } from '../support/mock-client.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { chooseCompute } from '../../packages/cli/src/aws/choose-compute.ts';
import type { Deployment } from '../../packages/cli/src/aws/deployment.ts';
import type { CostEstimate } from '../../packages/cli/src/aws/estimate-cost.ts';
import { hasNoGpuQuota } from '../../packages/cli/src/aws/quotas.ts';

const serviceQuotas = mockClient(ServiceQuotasClient);
const command = (made: unknown): never => made as never;
const answer = (given: object): never => given as never;

const deployment = { stackName: 'Bakeoff', region: 'eu-west-1', computes: ['gpu', 'cpu'] } as unknown as Deployment;
const estimate = (compute: 'gpu' | 'cpu'): CostEstimate => ({
  compute,
  trainingHours: 7.5,
  longestHours: 2.5,
  machine: 'Fargate (1 vCPU, 8 GiB)',
  spotDollars: 0.18,
  onDemandDollars: 0.57,
  fargateDollars: 0.01,
  pricesOf: '2025-06-01',
  pricesRegion: 'us-east-1',
});
const choose = (
  requested: 'gpu' | 'cpu' | undefined,
  { isSilent = false, of = deployment }: { isSilent?: boolean; of?: Deployment } = {},
) =>
  chooseCompute(
    of,
    { requested, isSilent, estimate },
    { messages: { write: () => true }, signal: new AbortController().signal },
  );

/** The account may start that many vCPUs, on Spot and on demand. */
const allows = (spot: number, onDemand: number): void => {
  for (const [QuotaCode, Value] of [
    ['L-3819A6DF', spot],
    ['L-DB2E81BA', onDemand],
  ] as const)
    serviceQuotas
      .on(command(GetServiceQuotaCommand), { ServiceCode: 'ec2', QuotaCode })
      .resolves(answer({ Quota: { Value } }));
};

beforeEach(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
  serviceQuotas.reset();
});

describe('trainings', () => {
  it('run on GPUs as deployed, where the account may start one', async () => {
    allows(0, 4);
    expect(await choose(undefined)).toBe('gpu');
  });

  it('run on what was requested, without a question', async () => {
    allows(0, 0);
    expect(await choose('cpu')).toBe('cpu');
    expect(await choose('gpu')).toBe('gpu');
  });

  it('run on CPUs in a deployment without GPUs', async () => {
    allows(0, 0);
    expect(await choose(undefined, { of: { ...deployment, computes: ['cpu'] } })).toBe('cpu');
  });

  it.each([false, true])(
    'are proposed for CPUs, in hours and dollars, where no GPU can start (--yes: %s)',
    async (isSilent) => {
      allows(0, 0);
      // Without a terminal, the question becomes an error that says what answers it.
      await expect(choose(undefined, { isSilent })).rejects.toThrow(
        /quota for GPU instances in eu-west-1 is 0[^]*7\.5 hours[^]*longest training 2\.5[^]*\$0\.18 on Spot, \$0\.57 on demand[^]*--compute cpu[^]*Service Quotas/,
      );
    },
  );

  it.each([
    ['gpu', ['cpu'], /cannot train on GPUs[^]*--compute cpu[^]*compute=gpu/],
    ['cpu', ['gpu'], /cannot train on CPUs[^]*earlier version/],
  ] as const)('are refused on %s where only %s is deployed', async (requested, computes, said) => {
    await expect(choose(requested, { of: { ...deployment, computes } })).rejects.toThrow(said);
  });
});

describe('the quota for GPUs', () => {
  it('is AWS’s default if none was applied to the account', async () => {
    serviceQuotas.on(command(GetServiceQuotaCommand)).rejects(new Error('NoSuchResourceException'));
    serviceQuotas.on(command(GetAWSDefaultServiceQuotaCommand)).resolves(answer({ Quota: { Value: 0 } }));
    expect(await hasNoGpuQuota()).toBe(true);
  });

  it('is not taken for 0 if it cannot be read', async () => {
    serviceQuotas.on(command(GetServiceQuotaCommand)).rejects(new Error('AccessDeniedException'));
    serviceQuotas.on(command(GetAWSDefaultServiceQuotaCommand)).rejects(new Error('AccessDeniedException'));
    expect(await hasNoGpuQuota()).toBe(false);
  });
});
