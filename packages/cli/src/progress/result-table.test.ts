import { expect, it } from 'vitest';
import { type ResultRow, resultTable } from './result-table.ts';
import { plainStyle } from './style.ts';

const row = (testAccuracy: number, balancedAccuracy: number, macroF1: number): ResultRow => ({
  runId: 'r',
  experiments: ['a'],
  seed: 1,
  status: 'finished',
  testAccuracy,
  accuracyInterval: null,
  balancedAccuracy,
  macroF1,
  epochs: 3,
  bestEpoch: 2,
  parameters: 1000,
  macs: 1000,
  trainingSeconds: 60,
});

it('shows balanced accuracy and macro F1 where the classes differ in size, and else leaves them to the report', () => {
  const lines = resultTable([row(0.9, 0.5, 0.47)], plainStyle);
  expect(lines[0]).toMatch(/test accuracy +balanced +macro F1 +parameters/);
  expect(lines.at(-1)).toMatch(/90\.0 % +50\.0 % +47\.0 %/);
  expect(resultTable([row(0.9, 0.9, 0.89)], plainStyle)[0]).not.toContain('balanced');
});
