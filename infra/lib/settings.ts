import { trainingComputes, UserError } from '@bakeoff/core';
import { z } from 'zod';

// Values come from cdk.json, or as strings from the command line. Error messages give a schema's description as what is
// allowed.

const names = (...standard: string[]) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',') : value),
      z.array(z.string().min(1)).min(Math.min(1, standard.length)).readonly(),
    )
    .default(standard)
    .describe('a list of names');

const count = (standard: number) =>
  z
    .preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.int().positive())
    .default(standard)
    .describe('a whole number above 0');

const limited = (standard: number, lowest: number, highest: number) =>
  z
    .preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.int().min(lowest).max(highest))
    .default(standard)
    .describe(`a whole number from ${lowest} to ${highest}`);

const flag = (standard: boolean) =>
  z
    .preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
    .default(standard)
    .describe('true, false');

const text = z.string().min(1);

/**
 * The settings of a deployment. Every value has a default. Set them under `bakeoff` in cdk.json, or with
 * `cdk deploy -c bakeoff.maxGpuVcpus=64`.
 */
const settingsSchema = z
  .object({
    /** What trainings run on: GPU instances, or Fargate with the engine wasm; cpu deploys no GPU instances at all. */
    compute: z.enum(trainingComputes).default('gpu').describe(trainingComputes.join(', ')),
    /**
     * GPU instance families (T4, A10G, L4); Batch prefers the cheapest that fits. The GPU image needs a GPU of compute
     * capability 6.0 or newer: not g3 and older ones.
     */
    gpuInstanceFamilies: names('g4dn', 'g5', 'g6'),
    /** Instance sizes within the families (one GPU each). */
    gpuInstanceSizes: names('xlarge', '2xlarge'),
    /** Most vCPUs of concurrent GPU instances, for Spot and for on-demand separately (32: eight xlarge). */
    maxGpuVcpus: count(32),
    /** Whether XLA compiles the steps of trainings on GPUs. */
    xla: flag(false),
    /** Most vCPUs of concurrent Fargate tasks. */
    maxFargateVcpus: count(64),
    /** Availability zones of the network; more zones find Spot capacity sooner. Without effect on an existing VPC. */
    zones: limited(2, 1, 6),
    /** An existing VPC for the jobs; null: one of its own. */
    vpcId: text.startsWith('vpc-').nullable().default(null).describe('the id of a VPC, as in vpc-0f1e2d3c'),
    /** The subnets of that VPC; jobs must be able to reach ECR, S3 and CloudWatch Logs from them. */
    subnetIds: names().describe('a list of ids of subnets, as in subnet-0f1e2d3c,subnet-4b5a6978'),
    /** Whether jobs in that VPC get public addresses: true in public subnets, false behind a NAT gateway or endpoints. */
    publicIps: flag(true),
    /** Name or ARN of a managed policy that limits every role of the deployment; null: none. */
    permissionsBoundary: text.nullable().default(null).describe('the name or ARN of a managed policy'),
    /**
     * Most runs in work at the same time: more than there are GPUs, so that none idles while a run is evaluated on
     * Fargate or waits for its container.
     */
    maxConcurrentRuns: count(12),
    /** Longest a training attempt may take, in hours. */
    trainTimeoutHours: count(24),
    /** Longest any other stage may take, in minutes. */
    stageTimeoutMinutes: count(60),
    /** Minutes for which the first waiting training may wait for Spot capacity before it moves to on-demand. */
    capacityTimeoutMinutes: limited(10, 10, 24 * 60),
    /** Days for which logs are kept. */
    logRetentionDays: count(30),
    /** Days after which noncurrent versions and unfinished uploads in the bucket expire. */
    noncurrentVersionDays: count(30),
    /** Tag of the images in the two repositories; null: the commit that is deployed. */
    imageTag: text
      .refine((tag) => tag !== 'latest')
      .nullable()
      .default(null)
      .describe('the tag of pushed images, but not latest'),
    /** Email address that is notified of success and failure; null: none. */
    notificationEmail: text.nullable().default(null).describe('a string'),
    /** Value of the tag `bakeoff:cost-center` on every resource. */
    costCenter: text.default('bakeoff').describe('a string'),
  })
  .readonly();

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

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
  for (const [name, value] of Object.entries(given)) requireSetting(name, value);
  const settings = settingsSchema.parse(given);
  requireWholeNetwork(settings);
  return settings;
}

function requireWholeNetwork({ vpcId, subnetIds, publicIps }: Settings): void {
  if (vpcId === null ? subnetIds.length === 0 && publicIps : subnetIds.length > 0) return;
  throw new UserError({
    what: 'an existing network is a VPC with subnets: bakeoff.vpcId and bakeoff.subnetIds, and if it needs it bakeoff.publicIps',
    received: JSON.stringify({ vpcId, subnetIds, publicIps }),
    fix: 'set both vpcId and subnetIds, or none of the three',
  });
}

function requireSetting(name: string, value: unknown): void {
  const { shape } = settingsSchema.unwrap();
  if (!isSetting(name))
    throw new UserError({
      what: `unknown deployment setting bakeoff.${name}`,
      received: JSON.stringify(value),
      allowed: Object.keys(shape).join(', '),
      fix: 'correct the name in cdk.json or after -c',
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
