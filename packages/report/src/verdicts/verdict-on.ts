import type { CheckpointComparison, RecipeComparison } from '@bakeoff/core';
import { reverseVerdict, type Verdict } from '@bakeoff/statistics';
import type { ReportData } from '../data/report-data.ts';

/**
 * The verdict on `a` against `b`, from recipes if there is one, otherwise from checkpoints; undefined if the pair was
 * not compared.
 */
export function verdictOn(
  { sections }: { readonly sections: readonly Pick<ReportData['sections'][number], 'recipePairs' | 'checkpoints'>[] },
  a: string,
  b: string,
): { readonly verdict: Verdict; readonly kind: 'recipes' | 'checkpoints' } | undefined {
  for (const kind of ['recipePairs', 'checkpoints'] as const) {
    for (const section of sections) {
      for (const pair of section[kind] as readonly (RecipeComparison | CheckpointComparison)[]) {
        if (pair.a.experimentId === a && pair.b.experimentId === b) return { verdict: pair.verdict, kind: pair.kind };
        if (pair.a.experimentId === b && pair.b.experimentId === a)
          return { verdict: reverseVerdict(pair.verdict), kind: pair.kind };
      }
    }
  }
  return undefined;
}
