import { type Plan, readRunFailures, type StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { buildReport } from '@bakeoff/report';
import { writeReportMessage } from './report-message.ts';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performReport(
  _work: unknown,
  plan: Plan,
  { prices, pictures, executionId, readLastLines }: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const failures = executionId === undefined ? undefined : await readRunFailures(context.store, executionId);
  const { reportId, pageKey, latestPageKey, verdict } = await buildReport({ plan, sources }, context, {
    prices,
    pictures,
    failures,
  });
  if (executionId !== undefined && failures !== undefined)
    await writeReportMessage({ executionId, plan, failures, page: pageKey, readLastLines }, context);
  return { status: 'done', result: { reportId, pageKey, latestPageKey, verdict } };
}
