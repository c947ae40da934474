import { expect, it } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import { endingLine } from './ending-line.ts';
import { plainStyle } from './style.ts';

const evaluate = madeUpTask('evaluate', 'r1', { label: 'resnet20' });

const lineOf = (result: Record<string, string | number | boolean | null>): string =>
  endingLine(evaluate, { status: 'done', reused: false, durationMs: 1500, result }, plainStyle, 8);

it('checks off an evaluation of a training that went well', () => {
  expect(lineOf({ testAccuracy: 0.5, diverged: false })).toMatch(
    /^✔ evaluate {2}resnet20 {2}test accuracy 50\.0 % · 1\.5 s$/,
  );
});

it('does not check off the evaluation of a training that diverged, with or without weights', () => {
  expect(lineOf({ testAccuracy: 0.1, diverged: true })).toBe(
    '⚠ evaluate  resnet20  test accuracy 10.0 % · its training diverged',
  );
  expect(lineOf({ testAccuracy: null, diverged: true })).toBe(
    '⚠ evaluate  resnet20  no weights to evaluate · its training diverged',
  );
});
