import { type Plan, readRunFailures, reportsResults, type StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { readReport, reportCsv, reportMarkdown } from '@bakeoff/report';
import { noResults } from '../plans/no-results.ts';
import { readPrices } from '../plans/read-prices.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { CommandContext } from './command-context.ts';
import type { StageCommandOptions } from './options.ts';

/**
 * `bakeoff report --format md|csv`: the runs as a Markdown summary for a pull request's comment, or as a table, on
 * standard output; no page is built.
 */
export async function printReport(
  plan: Plan,
  format: 'md' | 'csv',
  options: StageCommandOptions,
  stage: StageContext,
  context: CommandContext,
): Promise<number> {
  const failures = options.plan === undefined ? undefined : await readRunFailures(stage.store, options.plan);
  const { data, measurements } = await readReport({ plan, sources }, stage, {
    prices: await readPrices(options.prices),
    failures,
  });
  if (!reportsResults(data)) throw await noResults(plan, stage.store);
  context.output.write(format === 'md' ? reportMarkdown(data, measurements) : reportCsv(data, measurements));
  return ExitCode.done;
}
