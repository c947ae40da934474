import {
  chooseTrials,
  type EvaluationRecord,
  evaluationText,
  forwardPasses,
  type Plan,
  plannedEvaluations,
  type PlannedEvaluation,
  readAttempts,
  runCost,
  standardPrices,
  type Store,
} from '@bakeoff/core';
import { percentInterval } from '@bakeoff/statistics/formats';
import { scoreFigure } from '@bakeoff/statistics/metrics';
import type { PlanState } from '../plans/plan-state.ts';
import { formatCount, formatDuration, formatMagnitude, formatPercent } from './format.ts';
import type { Style } from './style.ts';
import { formatTable, left, right } from './table.ts';

/** Rows that are printed; the report has all of them. */
const MAX_ROWS = 40;

export interface ResultRow {
  readonly runId: string;
  readonly experiments: readonly string[];
  readonly seed: number;
  /** Its test-time augmentation in words; empty: none. */
  readonly evaluation: string;
  readonly status: 'finished' | 'diverged' | 'missing';
  /** Null without an evaluation, and for a trial that its search did not choose; so are the other test figures. */
  readonly testAccuracy: number | null;
  readonly accuracyInterval: { readonly low: number; readonly high: number; readonly level: number } | null;
  readonly balancedAccuracy: number | null;
  readonly macroF1: number | null;
  /** Of a trial that its search did not choose; absent otherwise. */
  readonly passedOver?: { readonly validationAccuracy: number };
  readonly epochs: number | null;
  readonly bestEpoch: number | null;
  readonly parameters: number;
  readonly macs: number;
  /** Training time over all attempts. */
  readonly trainingSeconds: number | null;
  /** Likewise; null if an attempt's machine has no price. */
  readonly dollars: number | null;
}

export async function resultRows(store: Store, plan: Plan, state: PlanState): Promise<ResultRow[]> {
  const costs = new Map(plan.runs.map(({ runId }) => [runId, trainingCost(store, runId)]));
  const planned = plannedEvaluations(plan);
  const validation = new Map(
    planned.map((each) => [each.key, evaluationIn(state, each)?.validation.accuracy] as const),
  );
  const { heldBack } = chooseTrials(plan, (key) => validation.get(key));
  return Promise.all(
    planned.map(async (each) => {
      const { runId } = each.run;
      const done = row(each, state, await costs.get(runId)!);
      const validationAccuracy = validation.get(each.key);
      return heldBack.has(each.key) && validationAccuracy !== undefined ? withoutTest(done, validationAccuracy) : done;
    }),
  );
}

function withoutTest(row: ResultRow, validationAccuracy: number): ResultRow {
  const nothing = { testAccuracy: null, accuracyInterval: null, balancedAccuracy: null, macroF1: null };
  return { ...row, ...nothing, passedOver: { validationAccuracy } };
}

function evaluationIn({ runs }: PlanState, { run, evaluationId }: PlannedEvaluation): EvaluationRecord | undefined {
  return runs.get(run.runId)?.evaluations?.find((each) => each?.evaluationId === evaluationId) ?? undefined;
}

function row(planned: PlannedEvaluation, state: PlanState, cost: TrainingCost): ResultRow {
  const { experiments, run } = planned;
  const { runId, seed, parameters, macs } = run;
  const evaluation = evaluationIn(state, planned);
  const record = state.runs.get(runId)?.record;
  return {
    runId,
    experiments,
    seed,
    evaluation: evaluationText(planned.evaluation),
    status: record?.status === 'diverged' ? 'diverged' : evaluation === undefined ? 'missing' : 'finished',
    testAccuracy: evaluation?.test.accuracy ?? null,
    accuracyInterval: evaluation?.test.accuracyInterval ?? null,
    balancedAccuracy: evaluation === undefined ? null : scoreFigure('balancedAccuracy').of(evaluation.test),
    macroF1: evaluation === undefined ? null : scoreFigure('macroF1').of(evaluation.test),
    epochs: record?.epochs.length ?? null,
    bestEpoch: record?.bestEpoch ?? null,
    parameters,
    macs: forwardPasses(planned.evaluation) * macs,
    ...cost,
  };
}

type TrainingCost = Pick<ResultRow, 'trainingSeconds' | 'dollars'>;

async function trainingCost(store: Store, runId: string): Promise<TrainingCost> {
  const attempts = await readAttempts(store, runId);
  if (attempts.length === 0) return { trainingSeconds: null, dollars: null };
  return {
    trainingSeconds: attempts.reduce((total, { wallSeconds }) => total + wallSeconds, 0),
    dollars: runCost(attempts, standardPrices).dollars,
  };
}

/**
 * A table of results in the plan's order, as at the end of a `bakeoff run` that has built no report. It marks no best:
 * the highest of several test accuracies flatters, and may be among ties. Balanced accuracy and macro F1 have columns if
 * classes differ in size.
 */
export function resultTable(rows: readonly ResultRow[], style: Style): string[] {
  const areUnequal = rows.some(hasUnequalClasses);
  const isAugmented = rows.some(({ evaluation }) => evaluation !== '');
  const columns = [
    left('experiment'),
    right('seed'),
    ...(isAugmented ? [left('test time')] : []),
    left('test accuracy'),
    ...(areUnequal ? [right('balanced'), right('macro F1')] : []),
    right('parameters'),
    right('MACs'),
    right('epochs'),
    right('training'),
  ];
  const shown = rows.length <= MAX_ROWS ? rows : rows.slice(0, MAX_ROWS);
  const lines = formatTable(
    columns,
    shown.map((each) => cells(each, { areUnequal, isAugmented }, style)),
    style.dim,
  );
  return shown === rows ? lines : [...lines, style.dim(`… and ${rows.length - MAX_ROWS} more in the report`)];
}

/** Of equally frequent classes, balanced accuracy is accuracy, and macro F1 says little more. */
function hasUnequalClasses({ testAccuracy, balancedAccuracy }: ResultRow): boolean {
  return testAccuracy !== null && balancedAccuracy !== null && Math.abs(testAccuracy - balancedAccuracy) > 1e-9;
}

function cells(
  result: ResultRow,
  { areUnequal, isAugmented }: { readonly areUnequal: boolean; readonly isAugmented: boolean },
  style: Style,
): string[] {
  const { experiments, seed, evaluation, testAccuracy, parameters, macs, epochs, trainingSeconds: seconds } = result;
  const accuracy =
    result.passedOver !== undefined
      ? style.dim(`not chosen, validation ${formatPercent(result.passedOver.validationAccuracy)}`)
      : testAccuracy === null
        ? style.warn(result.status)
        : result.status === 'diverged'
          ? style.warn(accuracyText(result))
          : accuracyText(result);
  return [
    experiments.join(', '),
    String(seed),
    ...(isAugmented ? [evaluation] : []),
    accuracy,
    ...(areUnequal ? [result.balancedAccuracy, result.macroF1].map((v) => (v === null ? '' : formatPercent(v))) : []),
    formatCount(parameters),
    formatMagnitude(macs),
    epochs === null ? '' : String(epochs),
    seconds === null ? '' : formatDuration(seconds * 1000),
  ];
}

function accuracyText({ testAccuracy, accuracyInterval, status }: ResultRow): string {
  const interval = accuracyInterval === null ? '' : ` ${percentInterval(accuracyInterval, 1)}`;
  return `${formatPercent(testAccuracy ?? 0)}${interval}${status === 'diverged' ? ', diverged' : ''}`;
}
