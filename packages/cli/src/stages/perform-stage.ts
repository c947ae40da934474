import type { Json, Plan, PlannedDataset, PlannedRun, PriceTable, StageContext, StageName } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';

/** One stage on one subject: what a child process, a container or a Batch job does. */
export type StageWork =
  | { readonly stage: 'data-prep'; readonly dataset: PlannedDataset }
  | { readonly stage: 'train'; readonly run: PlannedRun }
  | { readonly stage: 'evaluate'; readonly run: PlannedRun }
  | { readonly stage: 'compare' }
  | { readonly stage: 'report' };

export interface StageOptions {
  readonly archive?: string;
  readonly cacheFolder: string;
  readonly engine: EngineName | 'auto';
  /** For the report: turns attempts on known machines into dollars. */
  readonly prices: PriceTable;
  /** Whether a report shows pictures of test images; absent: it does. */
  readonly pictures?: boolean;
  /** For the report: the execution whose failures it tells, or a plan's id, which has none. */
  readonly executionId?: string;
}

export interface StageResult {
  /** diverged: the training's loss became NaN; that is its recorded result. */
  readonly status: 'done' | 'diverged' | 'interrupted';
  /** A few figures of the result, for whoever reads the command's JSON. */
  readonly result: Readonly<Record<string, Json>>;
}

type Perform = (work: never, plan: Plan, options: StageOptions, context: StageContext) => Promise<StageResult>;

/** Every stage's code is loaded only when it runs: `--help` and planning never load TensorFlow.js. */
const loaders: Record<StageName, () => Promise<Perform>> = {
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
  const perform = await loaders[work.stage]();
  return perform(work as never, plan, options, context);
}
