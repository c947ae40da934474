import { executionOf, type Plan, readRunFailures, reportsResults, type StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { modelName } from '@bakeoff/model/architectures';
import { buildReport } from '@bakeoff/report';
import { noResults } from '../plans/no-results.ts';
import { writeReportMessage } from './report-message.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';

/** @throws UserError if no run has results; an execution has its report even so, which names the failures */
export async function performReport(
  _work: unknown,
  plan: Plan,
  { prices, pictures, executionId, readLastLines }: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const { store } = context;
  const failures = executionId === undefined ? undefined : await readRunFailures(store, executionId);
  const isOfExecution = executionId !== undefined && (await executionOf(store, executionId)) !== undefined;
  const { reportId, pageKey, latestPageKey, verdict } = await buildReport({ plan, sources, modelName }, context, {
    prices,
    pictures,
    failures,
    check: async (data) => {
      if (!reportsResults(data) && !isOfExecution) throw await noResults(plan, store);
    },
  });
  if (executionId !== undefined && failures !== undefined)
    await writeReportMessage({ executionId, plan, failures, page: pageKey, readLastLines }, context);
  return { status: 'done', result: { reportId, pageKey, latestPageKey: latestPageKey ?? pageKey, verdict } };
}
