import type { Plan, StageContext } from '@bakeoff/core';
import { buildReport } from '@bakeoff/report';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performReport(_work: unknown, plan: Plan, { prices, pictures }: StageOptions, context: StageContext): Promise<StageResult> {
  const { reportId, pageKey, latestPageKey } = await buildReport({ plan }, context, { prices, pictures });
  return { status: 'done', result: { reportId, pageKey, latestPageKey } };
}
