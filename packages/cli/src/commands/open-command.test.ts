import { mkdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, openStore, writeJson } from '@bakeoff/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestS3 } from '@bakeoff/core/testing';
import { rememberStore } from '../plans/known-stores.ts';
import { collectingContext } from '../testing/collecting-context.ts';
import { ownSurroundings, type Surroundings } from '../testing/own-surroundings.ts';
import { openCommand, type OpenOptions } from './open-command.ts';

let surroundings: Surroundings;
beforeEach(async () => {
  surroundings = await ownSurroundings();
});
afterEach(() => surroundings.restore());

/** A report as earlier versions wrote it, whether or not there were results. */
async function writeReport(url: string, name: string, { day, status = 'finished' }: { day: number; status?: string }) {
  const store = await openStore(url);
  await store.put(keys.latestReportPage(name), new TextEncoder().encode(`page of ${name}`));
  const record = { formatVersion: 1, planId: 'p', comparisonId: null, runs: [{ status }] };
  await writeJson(store, keys.latestReportRecord(name), record);
  const date = new Date(Date.UTC(2026, 0, day));
  await utimes(join(store.url, keys.latestReportPage(name)), date, date);
}

async function opened(name?: string, options: Partial<OpenOptions> = {}): Promise<string> {
  const { context, output } = collectingContext();
  expect(await openCommand(name, { stack: 'Bakeoff', ...options }, context)).toBe(0);
  return output().trim();
}

describe('bakeoff open', () => {
  it('finds the newest report, also in a folder of ./out as npm start makes one', async () => {
    await writeReport('out', 'older', { day: 1 });
    await writeReport('out/quickstart', 'quickstart', { day: 2 });
    await mkdir('out/quickstart/plans', { recursive: true });
    expect(await opened()).toBe('out/quickstart/reports/latest/quickstart/index.html');
    expect(await opened('older')).toBe('out/reports/latest/older/index.html');
    expect(await opened(undefined, { out: 'out' })).toBe('out/reports/latest/older/index.html');
  });

  it('never takes a report without results for the newest', async () => {
    await writeReport('out', 'good', { day: 1 });
    await writeReport('out', 'empty', { day: 2, status: 'missing' });
    expect(await opened()).toBe('out/reports/latest/good/index.html');
    await expect(opened('empty')).rejects.toThrow('there is no report of empty');
  });

  it('finds what a command wrote elsewhere, and prefers what was written from this folder', async () => {
    await mkdir('a');
    await mkdir('b');
    process.chdir('a');
    await writeReport('../results', 'first', { day: 1 });
    await rememberStore(join(surroundings.folder, 'results'));
    expect(await opened()).toBe(join(surroundings.folder, 'results/reports/latest/first/index.html'));
    process.chdir('../b');
    expect(await opened()).toBe(join(surroundings.folder, 'results/reports/latest/first/index.html'));
    await writeReport('mine', 'second', { day: 0 });
    await rememberStore(join(surroundings.folder, 'b/mine'));
    expect(await opened()).toBe('mine/reports/latest/second/index.html');
  });

  it('names what there is if there is no such report', async () => {
    await expect(opened()).rejects.toThrow(/there is no report to open\n {2}received: out\n[^]*run a manifest first/);
    await writeReport('out', 'good', { day: 1 });
    await expect(opened('goof')).rejects.toThrow(/there is no report of goof[^]*allowed: {2}good\n/);
  });

  it('downloads the page from a store on S3', async () => {
    const server = await startTestS3();
    const { restore } = await ownSurroundings(server);
    try {
      const url = `s3://${server.bucket}/open`;
      const store = await openStore(url, { s3: server.options });
      await store.put(keys.latestReportPage('far'), new TextEncoder().encode('page of far'));
      const record = { formatVersion: 1, planId: 'p', comparisonId: null, runs: [{ status: 'finished' }] };
      await writeJson(store, keys.latestReportRecord('far'), record);
      const path = await opened(undefined, { store: url });
      expect(await readFile(path, 'utf8')).toBe('page of far');
      await rememberStore(url);
      expect(await opened()).toBe(path);
    } finally {
      await restore();
      await server.close();
    }
  });
});
