import type { DatasetComparison } from '@bakeoff/core';
import { isDecided } from '@bakeoff/statistics';
import { percent, points, pValue } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { RankedRow, Ranking } from '../data/report-data.ts';
import { isPassedOver } from '../data/trials.ts';
import { plural } from '../text/plural.ts';
import { nameOf } from './names.ts';
import { verdictLine } from './verdict-line.ts';

type Unplaced = Omit<RankedRow, 'standing' | 'sentence'>;
type Against = NonNullable<DatasetComparison['standings'][number]['againstChosen']>;

/**
 * A recipe's names: experiments with the same settings, the one with the most results first. Of a search, the chosen
 * trial alone is ranked.
 */
function recipesOf(facts: Facts, dataset: number): number[][] {
  const byRecipe = new Map<string, number[]>();
  const decided = new Set(facts.experiments.flatMap(({ trial }) => (trial?.chosen ? [trial.search] : [])));
  facts.experiments.forEach((experiment, i) => {
    const { recipeId, dataset: own, trial } = experiment;
    if (trial !== undefined && isPassedOver(experiment) && decided.has(trial.search)) return;
    if (own === dataset) byRecipe.set(recipeId, [...(byRecipe.get(recipeId) ?? []), i]);
  });
  const results = (i: number): number => facts.experiments[i]?.test?.count ?? 0;
  return [...byRecipe.values()].map((names) => names.sort((a, b) => results(b) - results(a)));
}

function rowOf(facts: Facts, names: readonly number[], compared: DatasetComparison | undefined): Unplaced {
  const [experiment, ...aliases] = names as [number, ...number[]];
  const { runs, test, validation } = facts.experiments[experiment]!;
  const [first, ...more] = runs.flatMap((i) => facts.runs[i]?.evaluation ?? []);
  const ofImages = first !== undefined && more.length === 0 ? first.test.accuracyInterval : null;
  const network = facts.runs[runs[0] ?? -1];
  const standing = standingOf(facts, names, compared);
  return {
    experiment,
    aliases,
    against: standing?.againstChosen
      ? { difference: standing.againstChosen.difference, interval: standing.againstChosen.interval }
      : null,
    validation: validation?.mean ?? null,
    estimate: test?.mean ?? null,
    interval: test?.interval ?? ofImages,
    intervalOf: test?.interval ? 'recipe' : ofImages === null ? null : 'training',
    aboveChance: standing?.guessing.aboveChance ?? null,
    trainings: test?.count ?? 0,
    planned: runs.length,
    macs: network?.macs ?? null,
    parameters: network?.parameters ?? null,
  };
}

function standingOf(
  facts: Facts,
  names: readonly number[],
  compared: DatasetComparison | undefined,
): DatasetComparison['standings'][number] | undefined {
  const ids = names.map((i) => facts.experiments[i]!.id);
  return compared?.standings.find(({ experimentId }) => ids.includes(experimentId));
}

/** Higher validation accuracy first; of equal ones the one with fewer MACs, then the one that was planned first. */
function byValidation(a: Unplaced, b: Unplaced): number {
  return (b.validation ?? -1) - (a.validation ?? -1) || (a.macs ?? 0) - (b.macs ?? 0) || a.experiment - b.experiment;
}

/** How the row compares with the chosen one, and in which words. */
function standingText(
  best: string,
  against: Against | null | undefined,
  pairs: number,
): Pick<RankedRow, 'standing' | 'sentence'> {
  if (!against) return { standing: 'untested', sentence: `Not compared with ${best} by a test.` };
  const { kind, difference, verdict, pValue: alone, adjustedPValue } = against;
  const apart = `${points(difference)} points`;
  const corrected = pairs === 1 ? '' : ` after correction for ${plural(pairs, 'comparison')}`;
  const trainings = kind === 'recipes' ? '' : '; of one training each';
  switch (verdict) {
    case 'better':
      return {
        standing: 'better',
        sentence: `Better than ${best} on the test images: ${apart}, ${pValue(adjustedPValue)}${corrected}${trainings}.`,
      };
    case 'worse':
      return {
        standing: 'worse',
        sentence: `Worse than ${best}: ${apart}, ${pValue(adjustedPValue)}${corrected}${trainings}.`,
      };
    case 'suggestive':
      return {
        standing: 'tied',
        sentence: `Not shown to differ from ${best}: ${apart} are suggestive (${pValue(alone)} alone, ${pValue(adjustedPValue)}${corrected})${trainings}.`,
      };
    case 'noEvidence':
      return {
        standing: 'tied',
        sentence: `Not shown to differ from ${best}: ${apart}, ${pValue(alone)}${trainings}.`,
      };
  }
}

function placed(facts: Facts, rows: readonly Unplaced[], compared: DatasetComparison | undefined): RankedRow[] {
  const chosen = rows.find(({ estimate }) => estimate !== null);
  const pairs = (compared?.standings.length ?? 1) - 1;
  return rows.map((row): RankedRow => {
    if (chosen === undefined || row.estimate === null)
      return { ...row, standing: 'noResult', sentence: 'None of its trainings has a result.' };
    if (row !== chosen) {
      const against = standingOf(facts, [row.experiment, ...row.aliases], compared)?.againstChosen;
      return { ...row, ...standingText(nameOf(facts, chosen.experiment), against, pairs) };
    }
    const highest = `the highest mean validation accuracy, ${percent(row.validation ?? 0)}`;
    const over = row.trainings === 1 ? 'of one training' : `over ${plural(row.trainings, 'seed')}`;
    return { ...row, standing: 'chosen', sentence: `Chosen by ${highest}, ${over}.` };
  });
}

/** Share of the test images in the largest class, or of one of equal classes where nothing was compared. */
function chanceOf(facts: Facts, dataset: number, compared: DatasetComparison | undefined): number {
  return compared?.chance ?? 1 / Math.max(1, facts.datasets[dataset]?.classes.length ?? 1);
}

const results = ({ rows }: Ranking): number => rows.filter(({ estimate }) => estimate !== null).length;

/**
 * The experiments of every data set, ranked by validation accuracy, each with what the tests say of it.
 *
 * This is what the first screen shows, as `data.rankings`. The first ranking is that of the main data set: its `verdict`
 * is one line; its `rows`, in their order, are the ranked strip, with a dot at `estimate`, a bar over `interval`
 * (`intervalOf` says what it covers), a mark for `standing`, the text `sentence`, and columns `macs` and `parameters`.
 * `rankedCosts` gives the measured columns, seconds and dollars per training; `nameOf` gives names. `chance` is where
 * guessing would be. Then come the sentences of `data.summary`, the practical one first; a section's own sentences are
 * its `findings`. All texts are plain, never HTML.
 */
export function rankExperiments(facts: Facts, comparisons: readonly DatasetComparison[]): Ranking[] {
  const rankings = facts.datasets.map(({ datasetId }, dataset): Ranking => {
    const compared = comparisons.find((comparison) => comparison.datasetId === datasetId);
    const unplaced = recipesOf(facts, dataset)
      .map((names) => rowOf(facts, names, compared))
      .sort(byValidation);
    const rows = placed(facts, unplaced, compared);
    const chosen = rows.find(({ standing }) => standing === 'chosen')?.experiment ?? null;
    const pairs = {
      compared: rows.filter(({ standing }) => !['chosen', 'untested', 'noResult'].includes(standing)).length,
      recipes: (compared?.standings ?? []).filter(({ againstChosen }) => againstChosen?.kind === 'recipes').length,
      decided: (compared?.standings ?? []).filter(
        ({ againstChosen }) => againstChosen && isDecided(againstChosen.verdict),
      ).length,
    };
    const ranking = { dataset, chosen, chance: chanceOf(facts, dataset, compared), pairs, rows };
    return { ...ranking, verdict: verdictLine(facts, ranking) };
  });
  return rankings.sort((a, b) => results(b) - results(a));
}
