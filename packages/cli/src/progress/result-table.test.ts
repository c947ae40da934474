import { expect, it } from 'vitest';
import { type ResultRow, resultTable } from './result-table.ts';
import { plainStyle } from './style.ts';

const row = (testAccuracy: number, balancedAccuracy: number, macroF1: number): ResultRow => ({
  runId: 'r',
  experiments: ['a'],
  seed: 1,
  evaluation: '',
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
  dollars: null,
});

it('shows balanced accuracy and macro F1 where the classes differ in size, and else leaves them to the report', () => {
  const lines = resultTable([row(0.9, 0.5, 0.47)], plainStyle);
  expect(lines[0]).toMatch(/test accuracy +balanced +macro F1 +parameters/);
  expect(lines.at(-1)).toMatch(/90\.0 % +50\.0 % +47\.0 %/);
  expect(resultTable([row(0.9, 0.9, 0.89)], plainStyle)[0]).not.toContain('balanced');
});

it('shows the validation accuracy of a trial that was not chosen, in place of its test result', () => {
  const nothing = { testAccuracy: null, accuracyInterval: null, balancedAccuracy: null, macroF1: null };
  const lines = resultTable(
    [row(0.9, 0.9, 0.9), { ...row(0, 0, 0), ...nothing, passedOver: { validationAccuracy: 0.712 } }],
    plainStyle,
  );
  expect(lines.at(-1)).toMatch(/ not chosen, validation 71\.2 % /);
});

it('names test-time augmentation where a row has any', () => {
  const plain = row(0.9, 0.9, 0.9);
  const lines = resultTable([plain, { ...plain, evaluation: 'flip and translate 1' }], plainStyle);
  expect(lines[0]).toMatch(/seed +test time +test accuracy/);
  expect(lines.at(-1)).toMatch(/1 +flip and translate 1 +90\.0 %/);
  expect(resultTable([plain], plainStyle)[0]).not.toContain('test time');
});
