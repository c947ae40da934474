import type { FirstLines, FirstLinesRow } from '@bakeoff/report/first-lines';
import { expect, it } from 'vitest';
import { rankedLines, totalLine } from './ranked-lines.ts';
import { plainStyle } from './style.ts';

const row = (name: string, settings: Partial<FirstLinesRow> = {}): FirstLinesRow => ({
  standing: 'tied',
  mark: '≈',
  name,
  estimate: 0.7111,
  deviation: 0.0083,
  interval: { low: 0.69, high: 0.732, level: 0.95 },
  trainings: 3,
  planned: 3,
  macs: 40_551_040,
  secondsPerTraining: 57,
  dollarsPerTraining: null,
  ...settings,
});
const section: FirstLines = {
  source: 'synthetic',
  verdict:
    'ResNet20 is best; CIFARnet ties at an eighth of the cost in MACs; shown over 3 seeds, so it holds for others.',
  rows: [
    row('ResNet20', { standing: 'chosen', mark: '★' }),
    row('CIFARnet', { macs: 5_163_520, trainings: 1, deviation: null }),
    row('ResNet110', { standing: 'noResult', mark: '–', estimate: null, interval: null, trainings: 0 }),
  ],
  marks: [
    ['★', 'chosen by validation accuracy'],
    ['≈', 'not shown to differ from it'],
    ['–', 'no result'],
  ],
};

it('says the verdict, and ranks the experiments with mean, deviation, standing and cost', () => {
  expect(rankedLines([section], { style: plainStyle, columns: 80 })).toEqual([
    'ResNet20 is best; CIFARnet ties at an eighth of the cost in MACs; shown over 3',
    'seeds, so it holds for others.',
    '',
    '   experiment  test accuracy  95 % interval   seeds    MACs  time',
    '★  ResNet20     71.1 % ± 0.8  [69.0, 73.2]        3  40.6 M  57 s',
    '≈  CIFARnet           71.1 %  [69.0, 73.2]   1 of 3  5.16 M  57 s',
    '–  ResNet110       no result                 0 of 3  40.6 M  57 s',
    '★ chosen by validation accuracy, ≈ not shown to differ from it, – no result. ±:',
    'standard deviation over seeds. Time is per training.',
    '',
  ]);
});

const long = (rate: string): FirstLinesRow =>
  row(`ResNet20 with a very long name of its own, dropout2d ${rate}`, { dollarsPerTraining: 1.25 });

it('stays within 80 columns: long names lose their middle, since those of a sweep differ at their ends', () => {
  const lines = rankedLines([{ ...section, rows: [long('0.03'), long('0.10')] }], { style: plainStyle, columns: 80 });
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  expect(lines[4]).toMatch(/^≈ {2}ResNet20.*…ut2d 0\.03 .*\$1\.25$/);
  expect(lines[5]).toMatch(/0\.10 /);
});

it('leaves further rows to the report, and says of which images each of several verdicts is', () => {
  const many = { ...section, rows: Array.from({ length: 30 }, (_, i) => row(`r${i}`)) };
  const lines = rankedLines([many, { ...section, source: 'mnist' }], { style: plainStyle, columns: 80 });
  expect(lines).toContain('… and 10 more in the report');
  expect(lines[0]).toBe('synthetic');
  expect(lines).toContain('mnist');
});

it('adds up what the trainings took', () => {
  expect(totalLine({ trainings: 3, seconds: 126, dollars: 0.12 })).toEqual([
    '3 trainings took 2 min 06 s together, $0.12',
  ]);
  expect(totalLine({ trainings: 1, seconds: 13, dollars: null })).toEqual(['its training took 13 s']);
  expect(totalLine({ trainings: 0, seconds: 0, dollars: null })).toEqual([]);
});
