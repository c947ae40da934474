import { keys, type Plan, type Store } from '@bakeoff/core';
import type { CommandContext } from '../command-context.ts';
import { displayUrl, objectUrl } from '../display-url.ts';
import type { Task, TaskOutcome } from '../local/task.ts';
import { outcomesExitCode } from '../outcomes-exit-code.ts';
import { readPlanState } from '../plan-state.ts';
import { formatDuration } from '../progress/format.ts';
import { resultRows, resultTable } from '../result-table.ts';

export interface RunEnd {
  readonly plan: Plan;
  readonly store: Store;
  readonly tasks: readonly Task[];
  readonly outcomes: ReadonlyMap<string, TaskOutcome>;
  readonly elapsedMs: number;
  readonly json: boolean;
}

/** Says how `bakeoff run` ended: the result table, what failed, where the report is. Returns the exit code. */
export async function concludeRun({ plan, store, tasks, outcomes, elapsedMs, json }: RunEnd, context: CommandContext): Promise<number> {
  const rows = await resultRows(store, plan, await readPlanState(store, plan));
  const reportKey = keys.latestReportPage(plan.name);
  const reported = [...outcomes].some(([id, { status }]) => id.startsWith('report:') && status === 'done');
  const interrupted = [...outcomes.values()].some(({ status }) => status === 'interrupted');
  const report = reported ? objectUrl(store.url, reportKey) : null;
  const failures = tasks.flatMap((task) => {
    const outcome = outcomes.get(task.id);
    return outcome?.status === 'failed' ? [{ task, outcome }] : [];
  });
  if (json) {
    const failed = failures.map(({ task, outcome }) => ({ task: task.id, label: task.label, exitCode: outcome.exitCode, message: outcome.message }));
    context.output.write(`${JSON.stringify({ type: 'result', planId: plan.planId, runs: rows, failed, interrupted: interrupted, report })}\n`);
  } else if (interrupted) {
    context.messages.write('\nStopped. Everything finished is kept, and so is each training up to its checkpoint: the same command continues from there.\n');
  } else {
    const idle = tasks.every(({ id }) => isIdle(outcomes.get(id)));
    const line = (text: string) => context.output.write(`${text}\n`);
    line('');
    for (const text of resultTable(rows, context.style)) line(text);
    line('');
    if (failures.length > 0) line(context.style.bad(`${failures.length} of ${tasks.length} tasks failed: ${failures.map(({ task }) => `${task.stage} ${task.label}`).join(', ')}. The report says what is missing; the same command tries them again.`));
    if (idle) line(`nothing to do: all ${plan.runs.length} runs are finished in ${displayUrl(store.url)}`);
    else line(context.style.dim(`done in ${formatDuration(elapsedMs)}`));
    if (report !== null) line(`report: ${context.style.bold(report)}`);
  }
  return outcomesExitCode([...outcomes.values()], context.stop.cause());
}

function isIdle(outcome: TaskOutcome | undefined): boolean {
  return outcome?.status === 'done' && outcome.reused;
}
