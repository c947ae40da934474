import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  comparisonId,
  encodeRecord,
  evaluationId,
  MemoryStore,
  parseManifest,
  planManifest,
  planSchema,
  sha256,
  type StageContext,
} from '@bakeoff/core';
import { fingerprintSource } from '@bakeoff/data-prep';
import { describeModel } from '@bakeoff/model/architectures';
import { readReport } from '@bakeoff/report';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../packages/cli/src/plans/vocabulary.ts';

const folders = [join(import.meta.dirname, '../experiments'), join(import.meta.dirname, 'support/data')];
const manifests = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
);

/** Everything whose name is a hash of what it is made from. */
async function idsOf(fileName: string, text: string) {
  const context: StageContext = {
    store: new MemoryStore(),
    log: () => undefined,
    signal: new AbortController().signal,
    clock: { nowMs: () => 0, elapsedMs: () => 0 },
  };
  const plan = await planManifest(parseManifest(text, { fileName, vocabulary }), {
    sources: vocabulary.sources,
    fingerprint: (config) => fingerprintSource(config, { cacheFolder: '/nonexistent' }, context),
    describeModel,
  });
  const evaluations = Object.fromEntries(plan.runs.map(({ runId }) => [runId, evaluationId(runId)]));
  const { data } = await readReport({ plan }, context);
  return {
    plan: plan.planId,
    planSha256: sha256(encodeRecord(plan, planSchema)),
    datasets: plan.datasets.map(({ datasetId }) => datasetId),
    augmentations: plan.datasets.flatMap(({ augmentations }) => augmentations.map((each) => each.augmentationId)),
    recipes: [...new Set(plan.runs.map(({ recipeId }) => recipeId))],
    evaluationsByRun: evaluations,
    comparison: comparisonId(plan.planId, evaluations),
    reportOfNothing: data.reportId,
  };
}

/**
 * A changed id would invalidate all finished work. The code of commit e51db5c wrote these ids. An entry is added for a
 * new manifest, and changes only with a stage's version (`ids.ts`).
 */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'support/data/golden-ids.json'), 'utf8')) as Record<
  string,
  unknown
>;

it('the manifest on the page about recipes is right', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/recipes.md'), 'utf8');
  const text = /```yaml\n([^]*?)```/.exec(page)![1]!;
  expect(parseManifest(text, { fileName: 'recipes.md', vocabulary }).experiments).toHaveLength(4);
});

describe('the ids of every manifest that ships', () => {
  it('are all recorded', () => {
    expect(Object.keys(golden).sort()).toEqual(manifests.map(({ name }) => name).sort());
  });

  it.each(manifests)('$name: are unchanged', async ({ name, text }) => {
    expect(await idsOf(name, text)).toEqual(golden[name]);
  });
});
