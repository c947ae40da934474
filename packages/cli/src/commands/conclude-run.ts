import { computes, keys, type Plan, type Store } from '@bakeoff/core';
import type { CommandContext } from './command-context.ts';
import { displayUrl, objectUrl } from '../plans/display-url.ts';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { outcomesExitCode } from '../tasks/outcomes-exit-code.ts';
import { type PlanState, readPlanState } from '../plans/plan-state.ts';
import type { FirstLines } from '@bakeoff/report/first-lines';
import { formatDuration, plural } from '../progress/format.ts';
import { type ResultRow, resultRows, resultTable } from '../progress/result-table.ts';
import { rankedLines, totalLine } from '../progress/ranked-lines.ts';
import { reportPageKey } from './report-page.ts';

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
  /** What the report says first, by data set; null if none was built. */
  readonly ranking: readonly FirstLines[] | null;
  /** The first data set's verdict in one line; null likewise. */
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
  const runs = await resultRows(store, plan, await readPlanState(store, plan));
  const ranking = reported ? await readRanking(store, plan, runs) : null;
  return {
    planId: plan.planId,
    runs,
    ranking,
    failed: tasks.flatMap(({ id, label, work }) => {
      const outcome = outcomes.get(id);
      return outcome?.status === 'failed'
        ? [{ task: id, label: `${work.stage} ${label}`, exitCode: outcome.exitCode, message: outcome.message }]
        : [];
    }),
    interrupted: [...outcomes.values()].some(({ status }) => status === 'interrupted'),
    verdict: ranking?.[0]?.verdict ?? null,
    report: reported ? objectUrl(store.url, keys.latestReportPage(plan.name)) : null,
  };
}

async function readRanking(store: Store, plan: Plan, runs: readonly ResultRow[]): Promise<FirstLines[] | null> {
  const { readFirstLines } = await import('@bakeoff/report/first-lines');
  const costs = new Map(runs.map(({ runId, trainingSeconds: seconds, dollars }) => [runId, { seconds, dollars }]));
  const ranking = await readFirstLines(store, plan, (runId) => costs.get(runId) ?? { seconds: null, dollars: null });
  return ranking ?? null;
}

/** What the trainings took together; evaluations with other test-time augmentation share one. */
function totalOf(runs: readonly ResultRow[]): string[] {
  const trained = [...new Map(runs.map((run) => [run.runId, run])).values()].filter(
    ({ trainingSeconds }) => trainingSeconds !== null,
  );
  const priced = trained.flatMap(({ dollars }) => dollars ?? []);
  return totalLine({
    trainings: trained.length,
    seconds: trained.reduce((sum, { trainingSeconds }) => sum + (trainingSeconds ?? 0), 0),
    dollars: priced.length === 0 ? null : priced.reduce((sum, each) => sum + each, 0),
  });
}

const MOST_COLUMNS = 80;

function conclusionLines(
  { runs, ranking, failed, report }: Conclusion,
  { plan, store, tasks, outcomes, elapsedMs }: RunEnd,
  { style, output }: CommandContext,
): string[] {
  const skipped = [...outcomes.values()].filter(({ status }) => status === 'skipped').length;
  // Without a training that was even tried, every row would say that its run is missing.
  const isEmpty = skipped > 0 && runs.every(({ status }) => status === 'missing') && !triedAny(tasks, outcomes);
  const columns = Math.min(output.columns ?? MOST_COLUMNS, MOST_COLUMNS);
  const table = isEmpty ? [] : [...resultTable(runs, style), ''];
  const lines = ['', ...(ranking === null ? table : rankedLines(ranking, { style, columns })), ...totalOf(runs)];
  if (failed.length > 0) {
    lines.push(
      style.bad(
        `${failed.length} of ${plural(tasks.length, 'task')} failed: ${failed.map(({ label }) => label).join(', ')}` +
          (skipped > 0 ? `; ${skipped} skipped, which need${skipped === 1 ? 's' : ''} what failed` : ''),
      ),
    );
    lines.push(`Run the same command to try them again${report === null ? '' : '; the report says what is missing'}.`);
  }
  if (tasks.length === 0)
    lines.push(
      `nothing to do: ${plan.runs.length === 1 ? 'its run is' : `all ${plan.runs.length} runs are`} finished in ${displayUrl(store.url)}`,
    );
  else lines.push(style.dim(`done in ${formatDuration(elapsedMs)}`));
  if (report !== null) lines.push(`report: ${style.bold(report)}`);
  return lines;
}

function triedAny(tasks: readonly Task[], outcomes: RunEnd['outcomes']): boolean {
  return tasks.some(({ id, work }) => computes(work.stage) && outcomes.get(id)?.status !== 'skipped');
}
