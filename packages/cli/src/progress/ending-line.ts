import type { Task, TaskOutcome, TaskResult } from '../tasks/task.ts';
import { formatCount, formatDuration, formatPercent } from './format.ts';
import { type Style, visibleLength } from './style.ts';

/** The line that stays when a task has ended. */
export function endingLine(task: Task, outcome: TaskOutcome, style: Style, labelWidth: number): string {
  const head = taskHead(task, style, labelWidth);
  switch (outcome.status) {
    case 'done':
      return `${style.good('✔')} ${head}  ${style.dim([...describeResult(task, outcome.result), outcome.reused ? 'there already' : formatDuration(outcome.durationMs)].join(' · '))}`;
    case 'diverged':
      return `${style.warn('⚠')} ${head}  ${style.warn('diverged: the loss is not a number; its history is kept')}`;
    case 'failed':
      return `${style.bad('✖')} ${head}  ${style.bad('failed')}\n${outcome.message.replace(/^/gm, '    ')}`;
    case 'interrupted':
      return `${style.warn('■')} ${head}  ${style.warn('stopped')}`;
    case 'skipped':
      return `${style.warn('–')} ${head}  ${style.warn(`left out: ${outcome.because}`)}`;
  }
}

/** "train     resnet20   ": what every line about a task begins with. */
export function taskHead({ stage, label }: Task, style: Style, labelWidth: number): string {
  return `${stage.padEnd(9)} ${style.bold(label)}${' '.repeat(Math.max(0, labelWidth - visibleLength(label)))}`;
}

function describeResult(task: Task, result: TaskResult): string[] {
  switch (task.stage) {
    case 'data-prep':
      return [
        `${number(result['train'])} training, ${number(result['validation'])} validation, ${number(result['test'])} test images`,
      ];
    case 'train':
      return [
        `${number(result['epochs'])} epochs, best ${number(result['bestEpoch'])}${result['stopReason'] === 'earlyStopping' ? ', stopped early' : ''}`,
      ];
    case 'evaluate':
      return [
        result['testAccuracy'] === null
          ? 'no weights to evaluate'
          : `test accuracy ${formatPercent(Number(result['testAccuracy']))}`,
      ];
    default:
      return [];
  }
}

function number(value: unknown): string {
  return formatCount(Number(value));
}
