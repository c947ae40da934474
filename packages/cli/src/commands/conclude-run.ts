import { keys, type Plan, type Store } from '@bakeoff/core';
import type { CommandContext } from './command-context.ts';
import { displayUrl, objectUrl } from '../plans/display-url.ts';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { outcomesExitCode } from '../tasks/outcomes-exit-code.ts';
import { type PlanState, readPlanState } from '../plans/plan-state.ts';
import { withPlainSpaces } from '@bakeoff/statistics/formats';
import { formatDuration } from '../progress/format.ts';
import { type ResultRow, resultRows, resultTable } from '../progress/result-table.ts';
import { reportPageKey, reportVerdict } from './report-page.ts';

export interface RunEnd {
  readonly plan: Plan;
  readonly store: Store;
  readonly tasks: readonly Task[];
  readonly outcomes: ReadonlyMap<string, TaskOutcome>;
  /** Before the tasks ran. */
  readonly state: PlanState;
  readonly elapsedMs: number;
  readonly json: boolean;
}

interface Conclusion {
  readonly planId: string;
  readonly runs: readonly ResultRow[];
  readonly failed: readonly {
    readonly task: string;
    readonly label: string;
    readonly exitCode: number;
    readonly message: string;
  }[];
  readonly interrupted: boolean;
  /** The report's verdict in one line; null if none was built. */
  readonly verdict: string | null;
  /** Where the page is; null if none was built. */
  readonly report: string | null;
}

/** Says how `bakeoff run` ended: the result table, what failed, where the report is. Returns the exit code. */
export async function concludeRun(end: RunEnd, context: CommandContext): Promise<number> {
  const conclusion = await conclude(end);
  if (end.json) context.output.write(`${JSON.stringify({ type: 'result', ...conclusion })}\n`);
  else if (conclusion.interrupted)
    context.messages.write(
      '\nStopped. Finished results and checkpoints are kept: run the same command again to resume.\n',
    );
  else context.output.write(`${conclusionLines(conclusion, end, context).join('\n')}\n`);
  return outcomesExitCode([...end.outcomes.values()], context.stop.cause());
}

async function conclude({ plan, store, tasks, outcomes, state }: RunEnd): Promise<Conclusion> {
  const reported =
    tasks.length === 0
      ? state.reported
      : [...outcomes.values()].some((outcome) => reportPageKey(outcome) !== undefined);
  return {
    planId: plan.planId,
    runs: await resultRows(store, plan, await readPlanState(store, plan)),
    failed: tasks.flatMap(({ id, label, work }) => {
      const outcome = outcomes.get(id);
      return outcome?.status === 'failed'
        ? [{ task: id, label: `${work.stage} ${label}`, exitCode: outcome.exitCode, message: outcome.message }]
        : [];
    }),
    interrupted: [...outcomes.values()].some(({ status }) => status === 'interrupted'),
    verdict: [...outcomes.values()].flatMap((outcome) => reportVerdict(outcome) ?? [])[0] ?? null,
    report: reported ? objectUrl(store.url, keys.latestReportPage(plan.name)) : null,
  };
}

function conclusionLines(
  { runs, failed, verdict, report }: Conclusion,
  { plan, store, tasks, elapsedMs }: RunEnd,
  { style }: CommandContext,
): string[] {
  const lines = ['', ...resultTable(runs, style), ''];
  if (verdict !== null) lines.push(withPlainSpaces(verdict), '');
  if (failed.length > 0) {
    lines.push(
      style.bad(`${failed.length} of ${tasks.length} tasks failed: ${failed.map(({ label }) => label).join(', ')}`),
    );
    lines.push(`Run the same command to try them again${report === null ? '' : '; the report says what is missing'}.`);
  }
  if (tasks.length === 0)
    lines.push(`nothing to do: all ${plan.runs.length} runs are finished in ${displayUrl(store.url)}`);
  else lines.push(style.dim(`done in ${formatDuration(elapsedMs)}`));
  if (report !== null) lines.push(`report: ${style.bold(report)}`);
  return lines;
}
