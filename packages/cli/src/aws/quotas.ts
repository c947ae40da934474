import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';

/** A quota that decides how much can run at a time. */
export interface Quota {
  readonly service: 'ec2' | 'fargate';
  readonly code: string;
  /** As the Service Quotas console calls it. */
  readonly name: string;
  /** What trainings or stages it limits. */
  readonly use: 'gpu' | 'cpu';
  /** vCPUs that one job needs. */
  readonly least: number;
}

/** In vCPUs; docs/aws.md says how to raise them. */
export const quotas: readonly Quota[] = [
  { service: 'ec2', code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests', use: 'gpu', least: 4 },
  { service: 'ec2', code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', use: 'gpu', least: 4 },
  { service: 'fargate', code: 'L-3032A538', name: 'Fargate On-Demand vCPU resource count', use: 'cpu', least: 2 },
  { service: 'fargate', code: 'L-36FBB829', name: 'Fargate Spot vCPU resource count', use: 'cpu', least: 1 },
];

export interface QuotaValue extends Quota {
  /** In this account and region; undefined if Service Quotas does not say, for example for lack of a permission. */
  readonly vcpus: number | undefined;
}

/** What the account may use of some of the quotas. Never fails: whoever may not read quotas may still submit. */
export async function readQuotas(wanted: readonly Quota[]): Promise<QuotaValue[]> {
  const client = new ServiceQuotasClient({});
  return Promise.all(wanted.map(async (quota) => ({ ...quota, vcpus: await readQuota(client, quota) })));
}

async function readQuota(client: ServiceQuotasClient, { service, code }: Quota): Promise<number | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  // The first answers only for quotas that were applied to the account.
  for (const command of [new GetServiceQuotaCommand(input), new GetAWSDefaultServiceQuotaCommand(input)]) {
    try {
      const { Quota: found } = await client.send(command);
      if (found?.Value !== undefined) return found.Value;
    } catch {
      // Asked otherwise, or unknown.
    }
  }
  return undefined;
}

/** Whether no GPU instance can start at all, neither on Spot nor on demand. */
export async function hasNoGpuQuota(): Promise<boolean> {
  const values = await readQuotas(quotas.filter(({ use }) => use === 'gpu'));
  return values.every(({ vcpus, least }) => vcpus !== undefined && vcpus < least);
}
