import type { Task } from '../tasks/task.ts';
import { JsonView } from './json-view.ts';
import { PlainView } from './plain-view.ts';
import { obeysEscapes, visibleLength } from './style.ts';
import type { TellTimeLeft } from './time-left-text.ts';
import { TerminalView } from './terminal-view.ts';
import type { View, ViewContext } from './view.ts';

interface ViewOptions {
  readonly json: boolean;
  readonly tasks: readonly Task[];
  readonly hint: string;
  /** Absent: the tasks are no study. */
  readonly tellTimeLeft?: TellTimeLeft;
}

/** Bars on a terminal, lines in a log or on a dumb terminal, or JSON if requested. */
export function createView(
  { messages, output, messageStyle }: ViewContext,
  { json, tasks, hint, tellTimeLeft }: ViewOptions,
): View {
  if (json) return new JsonView(output);
  const labelWidth = Math.max(0, ...tasks.map(({ label }) => visibleLength(label)));
  return obeysEscapes(messages)
    ? new TerminalView(messages, messageStyle, tasks.length, labelWidth, hint, tellTimeLeft)
    : new PlainView(messages, labelWidth, tellTimeLeft);
}
