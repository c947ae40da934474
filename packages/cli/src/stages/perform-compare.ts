import type { Plan, StageContext } from '@bakeoff/core';
import { comparePlan } from '@bakeoff/evaluator/compare';
import type { StageOptions, StageResult } from './perform-stage.ts';

export async function performCompare(
  _work: unknown,
  plan: Plan,
  _options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  const { comparisonId } = await comparePlan({ plan }, context);
  return { status: 'done', result: { comparisonId } };
}
