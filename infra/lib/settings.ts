import { UserError } from '@bakeoff/core';

/**
 * The settings of a deployment. Every value has a default. Set them under `bakeoff` in infra/cdk.json, or with
 * `cdk deploy -c bakeoff.maxGpuVcpus=64`.
 */
export interface Settings {
  /** GPU instance families; Batch prefers the cheapest that fits. Default: g4dn (T4), g5 (A10G), g6 (L4). */
  readonly gpuInstanceFamilies: readonly string[];
  /** Instance sizes within the families. Default: xlarge, 2xlarge (one GPU each). */
  readonly gpuInstanceSizes: readonly string[];
  /** Most vCPUs of concurrent GPU instances, for Spot and for on-demand separately. Default: 32 (eight xlarge). */
  readonly maxGpuVcpus: number;
  /** Most vCPUs of concurrent Fargate tasks. Default: 64. */
  readonly maxFargateVcpus: number;
  /** Availability zones of the network; more zones find Spot capacity sooner. Default: 3. */
  readonly zones: number;
  /** Most runs trained at the same time. Default: 8. */
  readonly maxConcurrentRuns: number;
  /** Longest a training attempt may take, in hours. Default: 24. */
  readonly trainTimeoutHours: number;
  /** Longest any other stage may take, in minutes. Default: 60. */
  readonly stageTimeoutMinutes: number;
  /**
   * Minutes that a job may wait for an instance before it ends with the cause (and, on Spot, moves to on-demand).
   * Default: 30.
   */
  readonly capacityTimeoutMinutes: number;
  /** Days for which logs are kept. Default: 30. */
  readonly logRetentionDays: number;
  /** Days after which noncurrent versions and unfinished uploads in the bucket expire. Default: 30. */
  readonly noncurrentVersionDays: number;
  /** Tag of the images in the two repositories. Default: latest. */
  readonly imageTag: string;
  /** Email address that is notified of success and failure; none by default. */
  readonly notificationEmail: string | null;
  /** Value of the tag `bakeoff:cost-center` on every resource. Default: bakeoff. */
  readonly costCenter: string;
}

export const defaultSettings: Settings = {
  gpuInstanceFamilies: ['g4dn', 'g5', 'g6'],
  gpuInstanceSizes: ['xlarge', '2xlarge'],
  maxGpuVcpus: 32,
  maxFargateVcpus: 64,
  zones: 3,
  maxConcurrentRuns: 8,
  trainTimeoutHours: 24,
  stageTimeoutMinutes: 60,
  capacityTimeoutMinutes: 30,
  logRetentionDays: 30,
  noncurrentVersionDays: 30,
  imageTag: 'latest',
  notificationEmail: null,
  costCenter: 'bakeoff',
};

/**
 * Fills in defaults, and refuses unknown settings and values of the wrong type.
 * @param context Reads a CDK context value: the object `bakeoff`, or one value `bakeoff.<setting>` (a string from the
 * command line).
 */
export function readSettings(context: (name: string) => unknown): Settings {
  const given: Record<string, unknown> = { ...(context('bakeoff') as Record<string, unknown> | undefined) };
  for (const name of Object.keys(defaultSettings)) {
    const single = context(`bakeoff.${name}`);
    if (single !== undefined) given[name] = single;
  }
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const [name, value] of Object.entries(given)) settings[name] = checked(name, value);
  return settings as unknown as Settings;
}

function checked(name: string, value: unknown): unknown {
  if (!Object.hasOwn(defaultSettings, name)) {
    throw new UserError({
      what: `unknown deployment setting bakeoff.${name}`,
      received: JSON.stringify(value),
      allowed: Object.keys(defaultSettings).join(', '),
      fix: 'correct the name in infra/cdk.json or after -c',
    });
  }
  const standard = defaultSettings[name as keyof Settings];
  if (Array.isArray(standard)) {
    const list = typeof value === 'string' ? value.split(',') : value;
    if (Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === 'string' && entry !== ''))
      return list;
  } else if (typeof standard === 'number') {
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number > 0) return number;
  } else if (typeof value === 'string' && value !== '') {
    return value;
  } else if (standard === null && value === null) {
    return null;
  }
  throw new UserError({
    what: `deployment setting bakeoff.${name} has a wrong value`,
    received: JSON.stringify(value),
    allowed: Array.isArray(standard)
      ? 'a list of names'
      : typeof standard === 'number'
        ? 'a whole number above 0'
        : 'a string',
    fix: `for example ${JSON.stringify(standard)}`,
  });
}
