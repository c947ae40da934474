import type { StageName } from '@bakeoff/core';
import type { Task, TaskOutcome, TaskResult } from '../tasks/task.ts';
import { formatCount, formatDuration, formatPercent, plural } from './format.ts';
import { type Style, visibleLength } from './style.ts';

/** The line that stays when a task has ended. */
export function endingLine(task: Task, outcome: TaskOutcome, style: Style, labelWidth: number): string {
  const head = taskHead(task, style, labelWidth);
  switch (outcome.status) {
    case 'done':
      if (outcome.result['diverged'] === true)
        return `${style.warn('⚠')} ${head}  ${style.warn([...describeResult(task, outcome.result), 'its training diverged'].join(' · '))}`;
      return `${style.good('✔')} ${head}  ${style.dim([...describeResult(task, outcome.result), outcome.reused ? 'already done' : formatDuration(outcome.durationMs)].join(' · '))}`;
    case 'diverged':
      return `${style.warn('⚠')} ${head}  ${style.warn('diverged: the loss is not a number; its history is kept')}`;
    case 'failed':
      return `${style.bad('✖')} ${head}  ${style.bad('failed')}\n${outcome.message.replace(/^/gm, '    ')}`;
    case 'interrupted':
      return `${style.warn('■')} ${head}  ${style.warn('stopped')}`;
    case 'skipped':
      return `${style.warn('–')} ${head}  ${style.warn(`skipped: ${outcome.because}`)}`;
  }
}

/** "train     resnet20   ": what every line about a task begins with. */
export function taskHead({ work, label }: Task, style: Style, labelWidth: number): string {
  return `${work.stage.padEnd(9)} ${style.bold(label)}${' '.repeat(Math.max(0, labelWidth - visibleLength(label)))}`;
}

/** The part of a stage's result that is shown on its line; nothing for stages that are not named here. */
const resultTexts: Readonly<Partial<Record<StageName, (result: TaskResult) => string>>> = {
  'data-prep': ({ train, validation, test }) =>
    `${number(train)} training, ${number(validation)} validation, ${plural(Number(test), 'test image')}`,
  train: ({ epochs, bestEpoch, stopReason }) =>
    `${plural(Number(epochs), 'epoch')}, best ${number(bestEpoch)}${stopReason === 'earlyStopping' ? ', stopped early' : ''}`,
  evaluate: ({ testAccuracy, validationAccuracy = null }) => {
    const [split, accuracy] = testAccuracy === null ? ['validation', validationAccuracy] : ['test', testAccuracy];
    return accuracy === null ? 'no weights to evaluate' : `${split} accuracy ${formatPercent(Number(accuracy))}`;
  },
};

function describeResult({ work }: Task, result: TaskResult): string[] {
  const text = resultTexts[work.stage]?.(result);
  return text === undefined ? [] : [text];
}

function number(value: unknown): string {
  return formatCount(Number(value));
}
