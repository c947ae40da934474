import {
  type CheckpointComparison,
  chooseTrials,
  type ComparisonRecord,
  type DatasetComparison,
  type EvaluationRecord,
  type Plan,
  type RecipeComparison,
  type RecipeSummary,
  type SectionComparison,
} from '@bakeoff/core';
import {
  accuracyInterval,
  accuracyOfRecipe,
  type CorrectCounts,
  correctCounts,
  decideVerdict,
  mcnemarExact,
  mean,
  pairedCounts,
  recipeDifference,
  tangoInterval,
  type TestedDifference,
} from '@bakeoff/statistics';

type Evaluations = ReadonlyMap<string, EvaluationRecord>;

const bitsOf = ({ correctness }: EvaluationRecord): Buffer => Buffer.from(correctness, 'base64');

function evaluatedRuns(plan: Plan, id: string, evaluations: Evaluations): EvaluationRecord[] {
  return plan.experiments
    .find((experiment) => experiment.id === id)!
    .runIds.flatMap((run) => evaluations.get(run) ?? []);
}

function countsOf(plan: Plan, id: string, evaluations: Evaluations): CorrectCounts {
  const runs = evaluatedRuns(plan, id, evaluations);
  return correctCounts(runs.map(bitsOf), runs[0]!.test.images);
}

function recipeSummaries(plan: Plan, ids: readonly string[], evaluations: Evaluations): RecipeSummary[] {
  return plan.experiments
    .filter((e) => ids.includes(e.id))
    .flatMap(({ id, recipeId }): RecipeSummary[] => {
      const runs = evaluatedRuns(plan, id, evaluations);
      if (runs.length === 0) return [];
      const accuracies = runs.map(({ test }) => test.accuracy);
      const seeds = runs.map(({ runId }) => plan.runs.find((run) => run.runId === runId)!.seed);
      const known = { experimentId: id, recipeId, seeds, accuracies };
      if (runs.length === 1)
        return [{ ...known, mean: accuracies[0]!, standardDeviation: null, interval: null, basis: null }];
      const estimate = accuracyOfRecipe(countsOf(plan, id, evaluations));
      const { degreesOfFreedom, components } = estimate;
      return [
        {
          ...known,
          mean: estimate.mean,
          standardDeviation: Math.sqrt(components.seeds * runs.length),
          interval: accuracyInterval(estimate),
          basis: { degreesOfFreedom, ...components },
        },
      ];
    });
}

function checkpointPair(plan: Plan, a: string, b: string, evaluations: Evaluations): CheckpointComparison {
  const [ea, eb] = [a, b].map((id) => evaluatedRuns(plan, id, evaluations)[0]!) as [EvaluationRecord, EvaluationRecord];
  const { images } = ea.test;
  const counts = pairedCounts(bitsOf(ea), bitsOf(eb), images);
  return {
    kind: 'checkpoints',
    a: { experimentId: a, runId: ea.runId },
    b: { experimentId: b, runId: eb.runId },
    images,
    counts,
    ...adjusted({
      difference: (counts.onlyA - counts.onlyB) / images,
      interval: tangoInterval(counts.onlyA, counts.onlyB, images),
      pValue: mcnemarExact(counts.onlyA, counts.onlyB),
    }),
  };
}

/** A pair's own p value, adjusted as if it were the smallest of three. */
function adjusted<Test extends TestedDifference>(
  test: Test,
): Test & Pick<RecipeComparison, 'adjustedPValue' | 'verdict'> {
  const adjustedPValue = Math.min(1, test.pValue * 3);
  return { ...test, adjustedPValue, verdict: decideVerdict(test, adjustedPValue) };
}

function recipePair(plan: Plan, a: RecipeSummary, b: RecipeSummary, evaluations: Evaluations): RecipeComparison {
  const [countsA, countsB] = [a, b].map(({ experimentId }) => countsOf(plan, experimentId, evaluations)) as [
    CorrectCounts,
    CorrectCounts,
  ];
  return {
    kind: 'recipes',
    a: { experimentId: a.experimentId, recipeId: a.recipeId },
    b: { experimentId: b.experimentId, recipeId: b.recipeId },
    ...adjusted(recipeDifference(countsA, countsB)),
  };
}

const isRecipe = ({ seeds }: RecipeSummary): boolean => seeds.length > 2;

function compareSection(
  plan: Plan,
  section: Plan['report']['sections'][number],
  evaluations: Evaluations,
): SectionComparison {
  const recipes = recipeSummaries(plan, section.experiments, evaluations);
  const baseline = recipes.find((r) => r.experimentId === section.baseline) ?? recipes[0];
  const scheme = recipes.length > 8 ? 'baseline' : 'all';
  const pairs = recipes
    .flatMap((a, i) => recipes.slice(i + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => scheme === 'all' || a === baseline || b === baseline);
  return {
    title: section.title,
    scheme,
    baseline: scheme === 'all' ? null : (baseline?.experimentId ?? null),
    recipes,
    checkpoints: pairs.map(([a, b]) => checkpointPair(plan, a.experimentId, b.experimentId, evaluations)),
    recipePairs: pairs.filter((pair) => pair.every(isRecipe)).map(([a, b]) => recipePair(plan, a, b, evaluations)),
  };
}

function compareDataset(plan: Plan, datasetId: string, evaluations: Evaluations): DatasetComparison[] {
  const ids = plan.experiments.filter((experiment) => experiment.datasetId === datasetId).map(({ id }) => id);
  const recipes = recipeSummaries(plan, ids, evaluations);
  if (recipes.length === 0) return [];
  const validation = ({ experimentId }: RecipeSummary): number =>
    mean(evaluatedRuns(plan, experimentId, evaluations).map((run) => run.validation.accuracy));
  const chosen = [...recipes].sort((a, b) => validation(b) - validation(a))[0]!;
  const against = (recipe: RecipeSummary): DatasetComparison['standings'][number]['againstChosen'] => {
    if (recipe === chosen) return null;
    const { kind, difference, interval, pValue, adjustedPValue, verdict } =
      isRecipe(recipe) && isRecipe(chosen)
        ? recipePair(plan, recipe, chosen, evaluations)
        : checkpointPair(plan, recipe.experimentId, chosen.experimentId, evaluations);
    return { kind, difference, interval, pValue, adjustedPValue, verdict };
  };
  const guessing = { pValue: 0, adjustedPValue: 0, aboveChance: true };
  return [
    {
      datasetId,
      chance: 0.1,
      chosen: chosen.experimentId,
      standings: recipes.map((recipe) => ({
        experimentId: recipe.experimentId,
        guessing,
        againstChosen: against(recipe),
      })),
    },
  ];
}

/** What `bakeoff compare` finds out about a fixture, with a simpler correction. */
export function compareFixture(
  plan: Plan,
  evaluations: Evaluations,
): Pick<ComparisonRecord, 'sections' | 'datasets' | 'warnings'> {
  const { chosen } = chooseTrials(plan, (runId) => evaluations.get(runId)?.validation.accuracy);
  const compared = {
    ...plan,
    experiments: plan.experiments.filter((e) => e.trial === undefined || chosen.get(e.trial.search) === e),
  };
  return {
    sections: plan.report.sections.map((section) => compareSection(compared, section, evaluations)),
    datasets: plan.datasets.flatMap(({ datasetId }) => compareDataset(compared, datasetId, evaluations)),
    warnings: [],
  };
}
