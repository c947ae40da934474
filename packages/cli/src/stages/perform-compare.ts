import type { Plan, StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { comparePlan } from '@bakeoff/evaluator/compare';
import type { StageResult } from './perform-stage.ts';

export async function performCompare(
  _work: unknown,
  plan: Plan,
  _options: unknown,
  context: StageContext,
): Promise<StageResult> {
  const { comparisonId } = await comparePlan({ plan, sources }, context);
  return { status: 'done', result: { comparisonId } };
}
