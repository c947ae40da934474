import {
  type ComparisonRecord,
  evaluationId,
  evaluationRecordSchema,
  keys,
  mergePlans,
  type Plan,
  type PlannedExperiment,
  readComparison,
  readJson,
  type StageContext,
  type Store,
} from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { computeComparison } from '@bakeoff/evaluator/compare';
import { tellVerdicts } from '@bakeoff/report';
import { reverseVerdict, type Verdict } from '@bakeoff/statistics';
import type { Subject } from './find-subject.ts';
import { comparisonOf, type StoreContents } from './store-contents.ts';

/** What the statistics say of a pair, or why they say nothing. */
export interface PairVerdict {
  /** On the first against the second; null if the two were not compared. */
  readonly verdict: Verdict | null;
  readonly text: string;
}

type Compared = Subject & { readonly label: string; readonly rows: readonly { readonly passedOver?: unknown }[] };
type Pair = readonly [Compared, Compared];

const SENTENCES = 3;

/**
 * The verdict on two subjects: that of the report if one of its sections compares them, otherwise that of the same tests
 * on this pair alone.
 */
export async function pairVerdict(
  pair: Pair,
  contents: StoreContents,
  { signal }: Pick<StageContext, 'signal'>,
): Promise<PairVerdict> {
  const { store } = contents;
  if (pair.some(({ rows }) => rows.some(({ passedOver }) => passedOver !== undefined)))
    return none('Trials that their search did not choose have no test result to compare.');
  const testSets = await Promise.all(pair.map((subject) => testSetsOf(subject, store)));
  if (testSets.some((found) => found.size === 0)) return none('Not compared: one of them is not evaluated yet.');
  if (new Set(testSets.flatMap((found) => [...found])).size > 1)
    return none('Not compared: they were tested on different images, so a paired test is not possible.');
  return (await reported(pair, contents)) ?? (await alone(pair, store, signal));
}

function none(text: string): PairVerdict {
  return { verdict: null, text };
}

async function testSetsOf({ experiment }: Subject, store: Store): Promise<ReadonlySet<string>> {
  const records = await Promise.all(
    experiment.runIds.map((runId) =>
      readJson(store, keys.evaluationRecord(evaluationId(runId, experiment.evaluation)), evaluationRecordSchema),
    ),
  );
  return new Set(records.flatMap((record) => record?.testSetSha256 ?? []));
}

/** What the comparison of their plan says, if both are whole experiments of one section. */
async function reported([a, b]: Pair, contents: StoreContents): Promise<PairVerdict | undefined> {
  if (a.kind !== 'experiment' || b.kind !== 'experiment' || a.plan !== b.plan) return undefined;
  const { plan } = a;
  const comparison = await readComparison(contents.store, comparisonOf(contents, plan));
  if (comparison === undefined) return undefined;
  const told = tell(comparison, plan, a.experiment.id, b.experiment.id);
  return told === undefined ? undefined : { ...told, text: `In the report of ${plan.name}: ${told.text}` };
}

/** The same tests on the two alone. */
async function alone(pair: Pair, store: Store, signal: AbortSignal): Promise<PairVerdict> {
  const [a, b] = pair;
  const merged = a.plan === b.plan ? a.plan : mergePlans([a.plan, b.plan]);
  const ids = pair.map(({ label }) => label) as [string, string];
  const experiments = pair.map(
    ({ kind, label, experiment: { trial: _trial, recipeId, ...experiment } }): PlannedExperiment => ({
      ...experiment,
      id: label,
      // Two trainings are compared even if they are of one recipe.
      recipeId: kind === 'run' ? `${recipeId} ${label}` : recipeId,
    }),
  );
  const runIds = new Set(experiments.flatMap((experiment) => experiment.runIds));
  const plan: Plan = {
    ...merged,
    experiments,
    runs: merged.runs.filter(({ runId }) => runIds.has(runId)),
    report: {
      title: '',
      text: '',
      sections: [{ title: ids.join(' and '), text: '', experiments: ids, charts: [], baseline: null }],
    },
  };
  const comparison = await computeComparison({ plan, sources }, { store, signal });
  return tell(comparison, plan, ...ids) ?? none('Not compared: they have the same settings, so they are one recipe.');
}

function tell(comparison: ComparisonRecord, { runs }: Plan, a: string, b: string): PairVerdict | undefined {
  const seeds = new Map(runs.map(({ runId, seed }) => [runId, seed]));
  const told = tellVerdicts(comparison, (key) => seeds.get(key.split(':')[0] ?? '') ?? Number.NaN);
  for (const kind of ['recipePairs', 'checkpoints'] as const)
    for (const section of told) {
      const isPair = (one: string, other: string): boolean => [one, other].sort().join() === [a, b].sort().join();
      const found = section[kind].filter((pair) => isPair(pair.a.experimentId, pair.b.experimentId));
      const [first] = found;
      if (first === undefined) continue;
      return {
        verdict: first.a.experimentId === a ? first.verdict : reverseVerdict(first.verdict),
        text: found
          .slice(0, SENTENCES)
          .map(({ text }) => text)
          .join(' '),
      };
    }
  return undefined;
}
