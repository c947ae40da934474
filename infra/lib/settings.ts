import { UserError } from '@bakeoff/core';
import { z } from 'zod';

// Values come from cdk.json, or as texts from the command line. A schema's description is what an error message allows.

const names = (...standard: string[]) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.string().min(1)).min(1).readonly(),
    )
    .default(standard)
    .describe('a list of names');

const count = (standard: number) =>
  z
    .preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.int().positive())
    .default(standard)
    .describe('a whole number above 0');

const text = z.string().min(1);

/** What a deployment can choose. Set it under `bakeoff` in infra/cdk.json or by `cdk deploy -c bakeoff.maxGpuVcpus=64`. */
const settingsSchema = z
  .object({
    /** GPU instance families: T4, A10G, L4. The cheapest that fits wins. */
    gpuInstanceFamilies: names('g4dn', 'g5', 'g6'),
    /** Instance sizes within the families, of one GPU each. */
    gpuInstanceSizes: names('xlarge', '2xlarge'),
    /** Most vCPUs of GPU instances at once, Spot and on-demand each: eight xlarge. */
    maxGpuVcpus: count(32),
    /** Most vCPUs of Fargate tasks at once. */
    maxFargateVcpus: count(64),
    /** Availability zones of the network; more zones find Spot capacity sooner. */
    zones: count(3),
    /** Most runs trained at once. */
    maxConcurrentRuns: count(8),
    /** Longest a training attempt may take. */
    trainTimeoutHours: count(24),
    /** Longest any other stage may take. */
    stageTimeoutMinutes: count(60),
    /** Minutes a job may wait for an instance before it ends with the cause (and, on Spot, goes to on-demand). */
    capacityTimeoutMinutes: count(30),
    /** Days that logs are kept. */
    logRetentionDays: count(30),
    /** Days after which noncurrent versions and unfinished uploads in the bucket expire. */
    noncurrentVersionDays: count(30),
    /** Tag of the images in the two repositories. */
    imageTag: text.default('latest').describe('a text'),
    /** Address that gets success and failure mails; null: nobody does. */
    notificationEmail: text.nullable().default(null).describe('a text'),
    /** Value of the tag `bakeoff:cost-center` on every resource. */
    costCenter: text.default('bakeoff').describe('a text'),
  })
  .readonly();

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

/**
 * Fills in defaults and refuses what is not a setting or has the wrong type.
 * @param context reads a CDK context value: the object `bakeoff`, or one value `bakeoff.<setting>` (a string from the command line).
 */
export function readSettings(context: (name: string) => unknown): Settings {
  const given: Record<string, unknown> = { ...(context('bakeoff') as Record<string, unknown> | undefined) };
  for (const name of Object.keys(defaultSettings)) {
    const single = context(`bakeoff.${name}`);
    if (single !== undefined) given[name] = single;
  }
  for (const [name, value] of Object.entries(given)) requireSetting(name, value);
  return settingsSchema.parse(given);
}

function requireSetting(name: string, value: unknown): void {
  const { shape } = settingsSchema.unwrap();
  if (!isSetting(name))
    throw new UserError({
      what: `unknown deployment setting bakeoff.${name}`,
      received: JSON.stringify(value),
      allowed: Object.keys(shape).join(', '),
      fix: 'correct the name in infra/cdk.json or after -c',
    });
  if (!shape[name].safeParse(value).success)
    throw new UserError({
      what: `deployment setting bakeoff.${name} has a wrong value`,
      received: JSON.stringify(value),
      allowed: shape[name].description,
      fix: `for example ${JSON.stringify(defaultSettings[name])}`,
    });
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(defaultSettings, name);
}
