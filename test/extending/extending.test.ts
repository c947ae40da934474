import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { evaluationId } from '@bakeoff/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, temporaryFolder } from '../support/bakeoff.ts';
import { copyExtended, RUN_MANIFEST } from './extended-copy.ts';
import { counts, manifest, namedPaths, sections } from './guide.ts';
import type { Results, runManifest } from './run-manifest.ts';

const changes = sections.flatMap((section) => section.changes);
const installed = createRequire(import.meta.url);

describe('the code in docs/extending.md, in a copy of the packages', () => {
  let copy: Awaited<ReturnType<typeof temporaryFolder>>;
  let results: Results;

  beforeAll(async () => {
    copy = await temporaryFolder();
    await copyExtended(copy.path, changes);
    const copied = (await import(join(copy.path, RUN_MANIFEST))) as { runManifest: typeof runManifest };
    results = await copied.runManifest(manifest);
  });
  afterAll(() => copy.remove());

  it('compiles', async () => {
    const options = { lib: ['ES2023', 'DOM', 'DOM.Iterable'] };
    const config = { extends: './tsconfig.base.json', compilerOptions: options, files: [RUN_MANIFEST] };
    await writeFile(join(copy.path, 'tsconfig.json'), JSON.stringify(config));
    expect(await call('typescript', 'tsc', ['-p', copy.path, '--singleThreaded'])).toBe('');
  });

  it('is formatted as the rest', async () => {
    const files = changes.map(({ path }) => join(copy.path, path));
    const config = join(repository, '.oxfmtrc.json');
    expect(await call('oxfmt', 'oxfmt', ['-c', config, '--list-different', ...files])).toBe('');
  });

  it('is in the schema of manifests', () => {
    for (const name of ['lenet', 'stripes', 'trainingTime']) expect(results.schema).toContain(`"${name}"`);
  });

  it('plans the architecture on the source’s images, and tells its cost', () => {
    const { datasets, runs } = results.plan;
    expect(datasets.map(({ config, classes, images }) => [config.source, classes.length, images])).toEqual([
      ['stripes', 3, { train: 90, validation: 30, test: 30 }],
    ]);
    const convolutions = [5 * 5 * 3 * 6 + 6, 5 * 5 * 6 * 16 + 16];
    const dense = [3 * 4 * 16 * 32 + 32, 32 * 84 + 84, 84 * 3 + 3];
    const parameters = [...convolutions, ...dense].reduce((sum, count) => sum + count);
    expect(runs.map((run) => run.parameters)).toEqual([parameters, parameters]);
    const [model] = results.models;
    expect(model?.layers.filter(({ type }) => type === 'leakyRelu').map(({ outputShape }) => outputShape)).toEqual([
      [12, 16, 6],
      [6, 8, 16],
      [32],
      [84],
    ]);
  });

  it('trains: the loss falls, and differently with another slope', () => {
    const losses = results.runs.map(({ epochs }) => epochs.map(({ trainLoss }) => trainLoss));
    expect(losses.map((all) => all.at(-1)! < all[0]! / 2)).toEqual([true, true]);
    expect(losses[0]).not.toEqual(losses[1]);
  });

  it('has the metric in the records, under new ids of evaluations', () => {
    expect(results.evaluations).toHaveLength(2);
    for (const { evaluationId: id, runId, test } of results.evaluations) {
      expect(id).not.toBe(evaluationId(runId));
      expect(test.accuracy).toBeGreaterThan(0.6);
      // The classes are equally frequent, so that chance alone is right about a third. The type has the metrics that ship.
      expect({ cohensKappa: Number.NaN, ...test }.cohensKappa).toBeCloseTo((test.accuracy - 1 / 3) / (2 / 3), 12);
    }
  });

  it('shows metric, chart and source on the page', () => {
    expect(results.page).toMatch(/<th[^>]*>(<[^>]*>)*Cohen’s kappa/);
    expect(results.page).toMatch(
      /<span class="title">Training time<\/span><\/figcaption>.*aria-label="Bar chart\. Training time\. lenet, /,
    );
    expect(results.page).toContain('Stripes are easy');
  });
});

describe('docs/extending.md', () => {
  it('touches as many files as its table says', () => {
    const touched = sections.map(({ title, changes: made, steps }) => ({
      title: title.replace(/^An? /, '').toLowerCase(),
      files: steps > 0 ? steps : new Set(made.map(({ path }) => path)).size,
    }));
    expect(touched.filter(({ files }) => files > 0)).toEqual(
      counts.map(({ title, files }) => ({ title: title.replace(/^an? /, ''), files })),
    );
  });

  it('names files and folders that are there', () => {
    const added = changes.map(({ path }) => path);
    const known = ['stripes.yaml', ...added];
    expect(namedPaths.length).toBeGreaterThan(20);
    expect(namedPaths.filter((path) => !known.includes(path) && !existsSync(join(repository, path)))).toEqual([]);
  });
});

/** Runs a tool that is installed; what it printed, also where it failed. */
async function call(packageName: string, tool: string, args: readonly string[]): Promise<string> {
  const program = join(installed.resolve(`${packageName}/package.json`), '../bin', tool);
  return promisify(execFile)(process.execPath, [program, ...args]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
  );
}
