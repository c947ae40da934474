import type { Plan, StageContext } from '@bakeoff/core';
import { buildReport } from '@bakeoff/report';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performReport(_work: unknown, plan: Plan, { prices }: StageOptions, context: StageContext): Promise<StageResult> {
  const { reportId, pageKey, latestPageKey } = await buildReport({ plan }, context, { prices });
  return { status: 'done', result: { reportId, pageKey, latestPageKey } };
}
