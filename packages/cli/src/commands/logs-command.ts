import { ExitCode } from '@bakeoff/core/exit-code';
import { type DeployedOptions, findPlace } from '../aws/find-place.ts';
import { findSubject } from '../plans/find-subject.ts';
import { runningPlans } from '../plans/running-commands.ts';
import { readContents } from '../plans/store-contents.ts';
import type { CommandContext } from './command-context.ts';
import { isWholeJob, jobLog } from './job-log.ts';
import { nextLook } from './next-look.ts';
import { type LogLine, readRecordedRun, type RecordedRun, runLogLines } from './run-log.ts';
import { stageLog } from './stage-log.ts';

export interface LogsOptions extends DeployedOptions {
  readonly follow?: boolean;
}

/**
 * `bakeoff logs RUN`: on AWS, the logs of a run's jobs; in a store, what its attempts have recorded: when and by what
 * they ran, epoch by epoch, and how they ended. Likewise of a stage that works on all runs.
 */
export async function logsCommand(name: string, options: LogsOptions, context: CommandContext): Promise<number> {
  const place = await findPlace(options);
  if ('stack' in place) return jobLog(name, { ...options, stack: place.stack }, context);
  const { store } = place;
  const contents = await readContents(store);
  if (isWholeJob(name)) return stageLog(name, contents, context);
  const { plan, runs } = findSubject(name, contents);
  const printer = new Printer(context);
  for (;;) {
    // Looked at first: what ends meanwhile is shown.
    const isWorking = (await runningPlans(store.url)).has(plan.planId);
    const recorded = await Promise.all(runs.map((run) => readRecordedRun(store, run)));
    printer.print(recorded.flatMap(runLogLines));
    if (options.follow !== true || recorded.every((each) => hasEnded(each, isWorking))) return ExitCode.done;
    await nextLook(context.signal);
  }
}

/** A run that has failed or was interrupted is tried again while a command of this machine works on its plan. */
function hasEnded({ record, attempts }: RecordedRun, isWorking: boolean): boolean {
  const outcome = attempts.at(-1)?.outcome;
  return record !== undefined || (!isWorking && (outcome === 'failed' || outcome === 'interrupted'));
}

/** Prints lines that are new, below the name of their attempt. */
class Printer {
  private readonly printed = new Set<string>();
  private attempt: string | undefined;

  constructor(private readonly context: CommandContext) {}

  print(lines: readonly LogLine[]): void {
    const { output, style } = this.context;
    for (const { attempt, says, text } of lines) {
      const key = `${attempt} ${says}`;
      if (this.printed.has(key)) continue;
      this.printed.add(key);
      if (attempt !== this.attempt) output.write(`${style.bold(attempt)}\n`);
      this.attempt = attempt;
      output.write(`  ${text}\n`);
    }
  }
}
