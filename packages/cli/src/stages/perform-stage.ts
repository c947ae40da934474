import type { Json, Plan, PriceTable, StageContext, StageName, StageWork, WorkOf } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import type { SourcePlaces } from '../plans/source-places.ts';
import type { ReadLastLines } from './report-message.ts';

export interface StageOptions extends SourcePlaces {
  readonly engine: EngineName | 'auto';
  /** For the report: converts attempts on known machines into dollars. */
  readonly prices: PriceTable;
  /** Whether a report shows pictures of test images; absent: it does. */
  readonly pictures?: boolean;
  /** For the report: the execution whose failures it states, or a plan's id, which has none. */
  readonly executionId?: string;
  /** For the report: how the message about failed runs quotes their logs; absent: it does not. */
  readonly readLastLines?: ReadLastLines;
}

export interface StageResult {
  /** diverged: the training's loss became NaN; that is its recorded result. */
  readonly status: 'done' | 'diverged' | 'interrupted';
  /** A few figures of the result, for the command's JSON output. */
  readonly result: Readonly<Record<string, Json>>;
}

type Perform<Name extends StageName> = (
  work: WorkOf<Name>,
  plan: Plan,
  options: StageOptions,
  context: StageContext,
) => Promise<StageResult>;

/** Every stage's performer. Its code is loaded only when it runs: `--help` and planning never load TensorFlow.js. */
export type Performers = { readonly [Name in StageName]: () => Promise<Perform<Name>> };

const performers: Performers = {
  'data-prep': async () => (await import('./perform-data-prep.ts')).performDataPrep,
  train: async () => (await import('./perform-train.ts')).performTrain,
  evaluate: async () => (await import('./perform-evaluate.ts')).performEvaluate,
  compare: async () => (await import('./perform-compare.ts')).performCompare,
  report: async () => (await import('./perform-report.ts')).performReport,
};

export async function performStage(
  work: StageWork,
  plan: Plan,
  options: StageOptions,
  context: StageContext,
): Promise<StageResult> {
  // Work and performer are looked up by the same name, which the types cannot express.
  const perform = (await performers[work.stage]()) as Perform<StageName>;
  return perform(work, plan, options, context);
}
