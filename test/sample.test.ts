import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparisonRecord, Plan, RunRecord } from '@bakeoff/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, repository, temporaryFolder } from './support/bakeoff.ts';

const sample = join(repository, 'docs/sample');
const files = new Map<string, string>();

beforeAll(async () => {
  const entries = (await readdir(sample, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { parentPath, name } of entries)
    files.set(join(parentPath, name).slice(sample.length + 1), await readFile(join(parentPath, name), 'utf8'));
});

function records<T>(path: RegExp): T[] {
  return [...files].filter(([name]) => path.test(name)).map(([, text]) => JSON.parse(text) as T);
}

describe('the sample report', () => {
  it('is small, and ships no picture of the dataset', () => {
    expect([...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(8 * 2 ** 20);
    expect(
      [...files].filter(([, text]) => /data:image\/png;base64,\w|"png":"/.test(text)).map(([name]) => name),
    ).toEqual([]);
  });

  it('has a record of every training and evaluation that its plan names', () => {
    const [plan] = records<Plan>(/^records\/plans\//);
    const runs = records<RunRecord>(/^records\/runs\/[^/]+\/run\.json$/);
    expect(runs.map(({ runId }) => runId).sort()).toEqual(plan?.runs.map(({ runId }) => runId).sort());
    expect(records(/\/evaluation\.json$/)).toHaveLength(runs.length);
  });

  it('can be built again from its records, which hold no picture either', async () => {
    const folder = await temporaryFolder();
    try {
      await cp(join(sample, 'records'), folder.path, { recursive: true });
      const [plan] = records<Plan>(/^records\/plans\//);
      const { code, stderr } = await bakeoff([
        'report',
        '--plan',
        plan!.planId,
        '--no-pictures',
        '--store',
        folder.path,
      ]);
      expect(stderr).not.toContain('error');
      expect(code).toBe(0);
      const page = await readFile(join(folder.path, `reports/latest/${plan!.name}/index.html`), 'utf8');
      expect(page).toContain('<title>');
      expect(page).not.toMatch(/data:image\/png;base64,\w/);
    } finally {
      await folder.remove();
    }
  });

  it('quotes the figures of its records', () => {
    const [comparison] = records<ComparisonRecord>(/\/comparison\.json$/);
    const section = comparison?.sections.find(({ title }) => title === 'Before and after a small dropout');
    const means = section?.recipes.map(({ mean }) => (mean * 100).toFixed(2)) ?? [];
    expect(means).toHaveLength(5);
    for (const mean of means)
      for (const file of ['README.md', 'index.html']) expect(files.get(file), `${mean} in ${file}`).toContain(mean);
  });

  it('show tells how two of its experiments differ, with the report’s verdict', async () => {
    const { code, stdout } = await bakeoff(['show', 'resnet20', 'cifarnet', '--out', 'docs/sample/records'], {
      cwd: repository,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^settings that differ\n[^]*\nmodel\.type +resnet +cifarnet\n/);
    expect(stdout).toMatch(/\ntest accuracy +46\.1 % +53\.1 % ± 1\.7 over 3 seeds\n/);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      'In the report of stepik-cifar10-small: Checkpoints, seed 1: resnet20 (46.14 %) is worse than cifarnet (51.51 %)',
    );
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
