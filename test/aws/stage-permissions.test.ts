import {
  findPlan,
  type JobName,
  jobNames,
  jobs,
  keys,
  MemoryStore,
  openExecution,
  type Plan,
  planManifest,
  parseManifest,
  type ScheduleRecord,
  type StageContext,
  type StageWork,
  standardPrices,
  type Store,
  type StoreAccess,
  type StoreEntry,
  writeJson,
} from '@bakeoff/core';
import { fingerprintSource } from '@bakeoff/data-prep';
import { describeModel } from '@bakeoff/model/architectures';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchStoredArchive } from '../../packages/cli/src/stages/stored-archive.ts';
import { performStage } from '../../packages/cli/src/stages/perform-stage.ts';
import { vocabulary } from '../../packages/cli/src/plans/vocabulary.ts';

type Right = keyof StoreAccess;

/** A store that allows what a stage's role allows, as S3 would, and records which rights are used. */
class GuardedStore implements Store {
  readonly url = 's3://guarded';
  readonly denied: string[] = [];
  readonly used = new Set<string>();

  constructor(
    private readonly inner: Store,
    private readonly stage: JobName,
  ) {}

  get = async (key: string) => this.allow('reads', key, () => this.inner.get(key));
  getRange = async (key: string, start: number, end: number) =>
    this.allow('reads', key, () => this.inner.getRange(key, start, end));
  put = async (key: string, body: Uint8Array) => this.allow('writes', key, () => this.inner.put(key, body));
  putIfAbsent = async (key: string, body: Uint8Array) =>
    this.allow('writes', key, () => this.inner.putIfAbsent(key, body));
  delete = async (key: string) => this.allow('removes', key, () => this.inner.delete(key));
  list = (prefix: string): AsyncIterable<StoreEntry> => this.allow('reads', prefix, () => this.inner.list(prefix));

  private allow<T>(right: Right, key: string, work: () => T): T {
    const granted = jobs[this.stage].store;
    const prefix = granted[right].find((each) => key.startsWith(each));
    if (prefix === undefined) {
      this.denied.push(`${right} ${key}`);
      throw new Error(`AccessDenied: ${this.stage} may not: ${right} ${key}`);
    }
    this.used.add(`${right} ${prefix}`);
    return work();
  }
}

const MANIFEST = `name: permitted
dataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, batchSize: 16, maxEpochs: 1, seeds: [1] }
experiments:
  - { id: plain, model: { type: cifarnet } }
  - { id: augmented, model: { type: cifarnet }, augmentation: { transforms: [{ type: grayscale }], views: 1 } }
`;

const inner = new MemoryStore();
const stores = Object.fromEntries(jobNames.map((stage) => [stage, new GuardedStore(inner, stage)])) as Record<
  JobName,
  GuardedStore
>;
const context = (stage: JobName): StageContext => ({
  store: stores[stage],
  log: () => undefined,
  signal: new AbortController().signal,
  clock: { nowMs: () => 0, elapsedMs: () => performance.now() },
});

async function perform(plan: Plan, work: StageWork, executionId?: string): Promise<void> {
  await performStage(
    work,
    plan,
    { archives: {}, cacheFolder: '/nonexistent', engine: 'wasm', prices: standardPrices, executionId },
    context(work.stage),
  );
}

/** Does everything that jobs do, each stage with the rights of its own role. */
beforeAll(async () => {
  const plan = await planManifest(parseManifest(MANIFEST, { fileName: 'permitted.yaml', vocabulary }), {
    sources: vocabulary.sources,
    fingerprint: (config) => fingerprintSource(config, { cacheFolder: '/nonexistent' }, context('plan')),
    describeModel,
  });
  await writeJson(inner, keys.plan(plan.planId), plan);
  const schedule: ScheduleRecord = {
    formatVersion: 1,
    scheduleId: 's',
    planId: plan.planId,
    expression: 'rate(7 days)',
  };
  await writeJson(inner, keys.schedule('s'), schedule);
  await openExecution({ executionId: 'e1', source: `plans/${plan.planId}` }, context('plan'));
  for (const dataset of plan.datasets) {
    await fetchStoredArchive(
      stores['data-prep'],
      { ...dataset, config: { ...dataset.config, source: 'cifar10' } },
      '/nonexistent',
    );
    await perform(plan, { stage: 'data-prep', dataset });
  }
  for (const run of plan.runs) await perform(plan, { stage: 'train', run });
  for (const run of plan.runs) await perform(plan, { stage: 'evaluate', run });
  await perform(plan, { stage: 'compare', planId: plan.planId });
  await perform(plan, { stage: 'report', planId: plan.planId }, 'e1');
  for (const stage of jobNames) await findPlan(stores[stage], 'e1');
  for (const day of [1, 8])
    await openExecution({ executionId: `s${day}`, source: `schedules/s/2026-02-0${day}T09:00:00Z` }, context('plan'));
}, 120_000);

describe('the roles of the stages', () => {
  it.each(jobNames)('%s needs nothing that its role does not grant', (stage) => {
    expect(stores[stage].denied).toEqual([]);
  });

  it.each(jobNames)('%s uses everything that its role grants', (stage) => {
    const granted = Object.entries(jobs[stage].store).flatMap(([right, prefixes]: [string, readonly string[]]) =>
      prefixes.map((prefix) => `${right} ${prefix}`),
    );
    expect(granted.filter((right) => !stores[stage].used.has(right))).toEqual([]);
  });
});
