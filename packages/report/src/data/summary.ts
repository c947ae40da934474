import { countTrainings } from './count-trainings.ts';
import { mean } from '@bakeoff/statistics';
import { percent, percentInterval, points, pointsApart, scaled } from '@bakeoff/statistics/formats';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { isUnderway } from '../text/progress-text.ts';
import { noResultYet } from '../text/no-result-yet.ts';
import { nameOf, namesOf, rowName } from '../verdicts/names.ts';
import { apartPhrase } from '../verdicts/section-findings.ts';
import { cheaperTie, guessingClause } from '../verdicts/verdict-line.ts';
import { verdictOn } from '../verdicts/verdict-on.ts';
import type { Facts } from './facts.ts';
import type { RankedRow, Ranking, ReportExperiment, Spread } from './report-data.ts';
import { settingNames, settingText } from './settings.ts';
import { isEvaluated, searchesAmong } from './trials.ts';

const standing = ({ rows }: Ranking, kind: RankedRow['standing']): RankedRow[] =>
  rows.filter((row) => row.standing === kind);

const all = (facts: Facts, rows: readonly RankedRow[]): string =>
  namesOf(
    facts,
    rows.map(({ experiment }) => experiment),
  );

/** Says how much worse or better it may be: not shown to be worse is not the same as equal. */
function differing({ against }: RankedRow): string {
  if (against === null) return '';
  const { difference, interval } = against;
  return `: ${points(difference)} points, 95\u00A0% interval ${points(interval.low)} to ${points(interval.high)}`;
}

/** What to do with the result: a cheaper one that is not shown to be worse, or that there is nothing to choose by. */
function practicalSentence(facts: Facts, ranking: Ranking, chosen: RankedRow): string | null {
  const guessing = guessingClause(ranking);
  if (guessing !== null) return `Nothing here is ready for use: ${guessing}.`;
  const cheaper = cheaperTie(ranking);
  if (cheaper)
    return (
      `${rowName(facts, cheaper.row)} needs ${scaled(cheaper.row.macs ?? 0)} multiply-accumulates per image against ` +
      `${scaled(chosen.macs ?? 0)}, and is not shown to be worse than ${nameOf(facts, chosen.experiment)}${differing(cheaper.row)}.`
    );
  const ties = standing(ranking, 'tied');
  if (ties.length > 0)
    return `${all(facts, [chosen, ...ties])} are not told apart, and none of the others needs clearly fewer multiply-accumulates.`;
  return null;
}

function bestSentence(facts: Facts, { rows }: Ranking, chosen: RankedRow): string {
  const test = facts.experiments[chosen.experiment]!.test!;
  const { count, standardDeviation } = test;
  const level = chosen.interval === null ? 0 : Math.round(chosen.interval.level * 100);
  const interval = chosen.interval === null ? null : percentInterval(chosen.interval);
  const reach =
    count > 1
      ? `its ${count} trainings, which differ by seed alone, classify ` +
        `${percent(test.mean)} of the held-out test images correctly on average` +
        (standardDeviation === null ? '' : `, with a standard deviation of ${pointsApart(standardDeviation)} points`) +
        (interval === null ? '' : ` (${level}\u00A0% interval of the mean over seeds and images: ${interval})`)
      : `its one training classifies ${percent(test.mean)} of the held-out test images correctly` +
        (interval === null ? '' : ` (${level}\u00A0% interval for these images: ${interval})`);
  const scored = rows.filter(({ estimate }) => estimate !== null).length;
  const name = rowName(facts, chosen);
  return scored > 1
    ? `Of ${plural(scored, 'recipe')} with results, ${name} has the highest validation accuracy, ${percent(chosen.validation ?? 0)}: ${reach}.`
    : `${name} has results: ${reach}.`;
}

/** Says what ranking by the test images would have chosen. */
function flatteredSentence(facts: Facts, { rows }: Ranking, chosen: RankedRow): string | null {
  const top = rows.reduce((best, row) => ((row.estimate ?? -1) > (best.estimate ?? -1) ? row : best), chosen);
  if (top === chosen) return null;
  const telling = {
    better: 'and the test calls it better',
    worse: 'and the test calls it worse',
    tied: 'which is not shown to be a difference',
    untested: 'and the two were not compared by a test',
    chosen: '',
    noResult: '',
  }[top.standing];
  return (
    `Ranked by the test images themselves, ${nameOf(facts, top.experiment)} comes first with ` +
    `${percent(top.estimate ?? 0)}, ${points((top.estimate ?? 0) - (chosen.estimate ?? 0))} points, ${telling}; ` +
    'choosing by test images flatters the choice.'
  );
}

/** What the comparisons with the chosen one found. */
function comparedSentences(facts: Facts, ranking: Ranking, chosen: RankedRow): string[] {
  const { compared, recipes } = ranking.pairs;
  const about =
    recipes === compared
      ? 'As a recipe, over other seeds and images,'
      : recipes === 0
        ? 'Between single trainings, which say nothing of other seeds,'
        : `Over seeds and images for ${recipes} of ${plural(compared, 'comparison')}, and between single trainings for the others,`;
  const name = nameOf(facts, chosen.experiment);
  const [worse, better, tied] = [standing(ranking, 'worse'), standing(ranking, 'better'), standing(ranking, 'tied')];
  const parts = [
    worse.length > 0 ? `better than ${all(facts, worse)}` : null,
    better.length > 0 ? `worse on the test images than ${all(facts, better)}` : null,
    tied.length > 0 ? `not told apart from ${all(facts, tied)}` : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return [];
  const corrected = compared > 1 ? ` (corrected for ${plural(compared, 'comparison')})` : '';
  return [`${about} ${name} is ${parts.join('; ')}${corrected}.`];
}

type Scored = ReportExperiment & { readonly test: Spread };

/** How much the mean accuracy changes over the values of each swept setting. */
function sweepSentences(facts: Facts, scored: readonly Scored[]): string[] {
  const effects = [...new Set(scored.map((e) => e.group))].flatMap((group) => {
    const members = scored.filter((e) => e.group === group);
    return [...new Set(members.flatMap((e) => Object.keys(e.sweepValues)))].flatMap((path) => {
      const byValue = new Map<string, number[]>();
      for (const member of members)
        byValue.set(String(member.sweepValues[path]), [
          ...(byValue.get(String(member.sweepValues[path])) ?? []),
          member.test.mean,
        ]);
      const means = [...byValue].map(([value, list]) => ({ value, mean: mean(list) })).sort((a, b) => b.mean - a.mean);
      const [best, worst] = [means[0], means.at(-1)];
      if (!best || !worst || means.length < 2) return [];
      const told = members.some((a) =>
        members.some(
          (b) =>
            a !== b &&
            a.sweepValues[path] !== b.sweepValues[path] &&
            ['better', 'worse'].includes(verdictOn(facts, a.id, b.id)?.verdict ?? ''),
        ),
      );
      return [
        {
          size: best.mean - worst.mean,
          text: `In the sweep of ${clip(group, 60)}, ${clip(path, 60)} moves mean test accuracy by ${pointsApart(best.mean - worst.mean)} points, from ${percent(worst.mean)} at ${clip(worst.value, 30)} to ${percent(best.mean)} at ${clip(best.value, 30)}${told ? '' : '; no two of its values can be told apart'}.`,
        },
      ];
    });
  });
  return effects
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .map((effect) => effect.text);
}

/** Which trial each search chose, and what it sets. */
function searchSentences(facts: Facts, dataset: number): string[] {
  const here = facts.experiments.flatMap((experiment, i) => (experiment.dataset === dataset ? [i] : []));
  return searchesAmong(facts, here).flatMap(({ search, trials, chosen }) => {
    if (chosen === null) return [];
    const { trial, validation } = facts.experiments[chosen]!;
    const values = Object.entries(trial!.values);
    const names = settingNames(values.map(([path]) => path));
    const settings = values.map(([path, value]) => `${names.get(path)!} ${clip(settingText(value), 40)}`).join(', ');
    const scored = trials.filter((e) => facts.experiments[e]?.validation).length;
    const of =
      scored === trials.length
        ? plural(trials.length, 'trial')
        : `${scored} of ${plural(trials.length, 'trial')} with results`;
    return [
      `The search ${clip(search, 60)} chose trial ${trial!.number} (${settings}): of its ${of}, it has the highest validation accuracy, ` +
        `${percent(validation?.mean ?? 0)}. Only its test accuracy is reported.`,
    ];
  });
}

/** Pairs of all sections; a pair that several sections compare counts in each, with that section's correction. */
function apartSentence({ sections }: Facts): string | null {
  const recipePairs = sections.flatMap((section) => section.recipePairs);
  const checkpoints = sections.flatMap((section) => section.checkpoints);
  if (checkpoints.length < 2) return null;
  return `Of all pairs that the sections compare, these are told apart after correction: ${apartPhrase({ recipePairs, checkpoints })}.`;
}

function unknownSentences(facts: Facts, scored: readonly RankedRow[]): string[] {
  const sentences: string[] = [];
  const few = scored.filter(({ trainings }) => trainings < 3);
  const [has, varies] = few.length === 1 ? ['has', 'this recipe varies'] : ['have', 'these recipes vary'];
  if (few.length > 0)
    sentences.push(
      `${all(facts, few)} ${has} fewer than three trained seeds: how much ${varies} from training to training is unknown.`,
    );
  const underway = countTrainings(facts.runs.filter(isUnderway));
  if (underway > 0)
    sentences.push(
      `${underway} of ${plural(countTrainings(facts.runs), 'training')} still ${underway === 1 ? 'has' : 'have'} to end: what is said here may change.`,
    );
  const without = countTrainings(facts.runs.filter((run) => !isEvaluated(run) && !isUnderway(run)));
  if (without > 0)
    sentences.push(
      `${plural(without, 'planned training')} of ${countTrainings(facts.runs)} ` +
        `${without === 1 ? 'has' : 'have'} no result and ${without === 1 ? 'is' : 'are'} named below.`,
    );
  if (facts.comparisonId === null && scored.length > 1)
    sentences.push(
      underway > 0
        ? 'Differences are tested when all trainings have ended.'
        : 'No comparison record was found: differences are shown without a test.',
    );
  return sentences;
}

/** The report in a few plain sentences, the practical one first, made from the data alone. */
export function summaryOf(facts: Facts, [main]: readonly Ranking[]): string[] {
  const chosen = main?.rows.find((row) => row.standing === 'chosen');
  // The verdict, which stands above, says that nothing has a result yet.
  if (main && !chosen && facts.runs.some(isUnderway)) return [];
  if (!main || !chosen) return [noResultYet(countTrainings(facts.runs))];
  const scored = main.rows.filter(({ estimate }) => estimate !== null);
  const experiments = facts.experiments.filter((e): e is Scored => e.test !== null && e.dataset === main.dataset);
  return [
    practicalSentence(facts, main, chosen),
    bestSentence(facts, main, chosen),
    flatteredSentence(facts, main, chosen),
    ...comparedSentences(facts, main, chosen),
    ...sweepSentences(facts, experiments),
    ...searchSentences(facts, main.dataset),
    apartSentence(facts),
    ...unknownSentences(facts, scored),
  ].filter((sentence) => sentence !== null);
}
