import type { Verdict } from '@bakeoff/statistics';
import { percent, points } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { RankedRow, Ranking, Standing } from '../data/report-data.ts';
import { plural } from '../text/plural.ts';
import { nameOf } from './names.ts';
import { verdictLine } from './verdict-line.ts';
import { verdictOn } from './verdict-on.ts';

type Unplaced = Omit<RankedRow, 'standing' | 'sentence'>;

/** A recipe's names: experiments with the same settings that share all their runs. */
function recipesOf(facts: Facts, dataset: number): number[][] {
  const byRuns = new Map<string, number[]>();
  facts.experiments.forEach((experiment, i) => {
    if (experiment.dataset !== dataset) return;
    const key = `${experiment.recipeId} ${experiment.runs.join(' ')}`;
    const known = byRuns.get(key);
    if (known === undefined) byRuns.set(key, [i]);
    else known.push(i);
  });
  return [...byRuns.values()];
}

/** Share of the test images that are of the most frequent class; of equal classes where nothing is evaluated. */
function chanceOf(facts: Facts, dataset: number): number {
  const evaluated = facts.runs.find((run) => run.dataset === dataset && run.evaluation)?.evaluation;
  if (!evaluated) return 1 / Math.max(1, facts.datasets[dataset]?.classes.length ?? 1);
  const { perClass, images } = evaluated.test;
  return Math.max(...perClass.map(({ support }) => support)) / images;
}

function rowOf(facts: Facts, [experiment, ...aliases]: readonly number[], chance: number): Unplaced {
  const { runs, test, validation } = facts.experiments[experiment!]!;
  const single = runs.flatMap((i) => facts.runs[i]?.evaluation ?? []);
  const onlyImages = single.length === 1 ? single[0]!.test.accuracyInterval : null;
  const interval = test?.interval ?? onlyImages;
  const first = facts.runs[runs[0] ?? -1];
  return {
    experiment: experiment!,
    aliases,
    validation: validation?.mean ?? null,
    estimate: test?.mean ?? null,
    interval,
    intervalOf: interval === null ? null : interval === onlyImages ? 'training' : 'recipe',
    aboveChance: interval !== null && interval.low > chance,
    trainings: single.length,
    planned: runs.length,
    macs: first?.macs ?? null,
    parameters: first?.parameters ?? null,
  };
}

/** Higher validation accuracy first; of equal ones the one with fewer MACs, then the one that was planned first. */
function byValidation(a: Unplaced, b: Unplaced): number {
  return (b.validation ?? -1) - (a.validation ?? -1) || (a.macs ?? 0) - (b.macs ?? 0) || a.experiment - b.experiment;
}

const STANDINGS = { better: 'better', worse: 'worse', noEvidence: 'tied' } as const satisfies Record<Verdict, Standing>;

const SENTENCES: Readonly<Record<'tied' | 'worse' | 'better' | 'untested', (best: string, apart: string) => string>> = {
  tied: (best, apart) => `Not shown to differ from ${best}: ${apart} points.`,
  worse: (best, apart) => `Worse than ${best}: ${apart} points.`,
  better: (best, apart) => `Better than ${best} on the test images: ${apart} points.`,
  untested: (best) => `Not compared with ${best} by a test.`,
};

function placed(facts: Facts, row: Unplaced, chosen: Unplaced | undefined): RankedRow {
  if (row.estimate === null || chosen === undefined)
    return { ...row, standing: 'noResult', sentence: 'None of its trainings has a result.' };
  const seeds = row.trainings === 1 ? 'one training' : `${plural(row.trainings, 'training')}, which differ by seed`;
  if (row === chosen)
    return {
      ...row,
      standing: 'chosen',
      sentence: `Chosen by its validation accuracy, ${percent(row.validation ?? 0)}, the highest: ${seeds}.`,
    };
  const [id, chosenId] = [row, chosen].map(({ experiment }) => facts.experiments[experiment]!.id) as [string, string];
  const found = verdictOn(facts, id, chosenId);
  const standing = found === undefined ? 'untested' : STANDINGS[found.verdict];
  const apart = points(row.estimate - chosen.estimate!);
  return { ...row, standing, sentence: SENTENCES[standing](nameOf(facts, chosen.experiment), apart) };
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
export function rankExperiments(facts: Facts): Ranking[] {
  const rankings = facts.datasets.map((_, dataset): Ranking => {
    const chance = chanceOf(facts, dataset);
    const unplaced = recipesOf(facts, dataset)
      .map((experiments) => rowOf(facts, experiments, chance))
      .sort(byValidation);
    const best = unplaced[0];
    const chosen = best === undefined || best.estimate === null ? undefined : best;
    const rows = unplaced.map((row) => placed(facts, row, chosen));
    const ranking = { dataset, chosen: chosen?.experiment ?? null, chance, rows };
    return { ...ranking, verdict: verdictLine(facts, ranking) };
  });
  return rankings.sort((a, b) => results(b) - results(a));
}
