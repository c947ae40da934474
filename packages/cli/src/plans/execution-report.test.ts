import { keys, MemoryStore, type Plan, writeJson } from '@bakeoff/core';
import { samplePlan } from '@bakeoff/core/testing';
import { expect, it } from 'vitest';
import { readReportPage } from './execution-report.ts';

it('reads the page of the execution’s own plan, and refuses another’s', async () => {
  const store = new MemoryStore();
  const plan: Plan = { ...samplePlan(['a']), name: 'n', planId: 'e' };
  await expect(readReportPage(store, 'e')).rejects.toThrow(/no report of execution e[\s\S]*bakeoff status e/);
  await writeJson(store, keys.plan('e'), plan);
  const other = { formatVersion: 1 as const, planId: 'other', comparisonId: null };
  await writeJson(store, keys.latestReportRecord('n'), other);
  await store.put(keys.latestReportPage('n'), new TextEncoder().encode('<html>'));
  await expect(readReportPage(store, 'e')).rejects.toThrow('is of another plan, other');
  const own = { formatVersion: 1 as const, planId: 'e', comparisonId: null };
  await writeJson(store, keys.latestReportRecord('n'), own);
  expect(new TextDecoder().decode(await readReportPage(store, 'e'))).toBe('<html>');
});
