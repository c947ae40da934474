import { mean, type Verdict } from '@bakeoff/statistics';
import { percent, percentInterval, points, pointsApart, scaled } from '@bakeoff/statistics/formats';
import { clip } from '../text/clip.ts';
import { listed } from '../text/listed.ts';
import { plural } from '../text/plural.ts';
import { verdictOn } from '../verdicts/verdict-on.ts';
import type { Facts } from './facts.ts';
import type { ReportExperiment, Spread } from './report-data.ts';

type Scored = ReportExperiment & { readonly test: Spread; readonly validation: Spread };

const nameOf = (experiment: Pick<ReportExperiment, 'title'>): string => clip(experiment.title, 60);
const names = (experiments: readonly ReportExperiment[]): string =>
  experiments.length > 5
    ? listed([...experiments.slice(0, 4).map(nameOf), `${experiments.length - 4} more`])
    : listed(experiments.map(nameOf));

/** The experiments with results on the dataset that most of them share. */
function scored(facts: Facts): Scored[] {
  const all = facts.experiments.filter((e): e is Scored => e.test !== null && e.validation !== null);
  const counts = facts.datasets.map((_, d) => all.filter((e) => e.dataset === d).length);
  return all.filter((e) => e.dataset === counts.indexOf(Math.max(...counts)));
}

const leader = (experiments: readonly Scored[], split: 'test' | 'validation'): Scored | undefined =>
  experiments.reduce<Scored | undefined>(
    (best, e) => (best === undefined || e[split].mean > best[split].mean ? e : best),
    undefined,
  );

/** The experiment with the highest mean validation accuracy, which can be chosen without looking at the test images. */
export function chosenExperiment(facts: Facts): ReportExperiment | undefined {
  return leader(scored(facts), 'validation');
}

function bestSentences(facts: Facts, all: readonly Scored[], chosen: Scored): string[] {
  const { count, mean, standardDeviation, interval } = chosen.test;
  const run = facts.runs[chosen.runs.find((i) => facts.runs[i]?.evaluation) ?? -1]?.evaluation;
  const reach =
    count > 1
      ? `its ${count} trainings, which differ by seed alone, classify ` +
        `${percent(mean)} of the held-out test images correctly on average` +
        (standardDeviation === null ? '' : `, with a standard deviation of ${pointsApart(standardDeviation)} points`) +
        (interval === null
          ? ''
          : ` (${Math.round(interval.level * 100)}\u00A0% interval of the mean: ${percentInterval(interval)})`)
      : `its one training classifies ${percent(mean)} of the held-out test images correctly` +
        (run
          ? ` (${Math.round(run.test.accuracyInterval.level * 100)}\u00A0% interval for these images: ${percentInterval(run.test.accuracyInterval)})`
          : '');
  const sentences = [
    all.length > 1
      ? `Of ${plural(all.length, 'experiment')} with results, ${nameOf(chosen)} is the one to choose by validation accuracy: ${reach}.`
      : `${nameOf(chosen)} has results: ${reach}.`,
  ];
  const top = leader(all, 'test');
  if (top && top !== chosen) {
    const verdict = verdictOn(facts, top.id, chosen.id);
    const telling =
      verdict === undefined
        ? 'the two were not compared by a test'
        : verdict.verdict === 'noEvidence'
          ? 'which is no evidence of a difference'
          : `and the test calls it ${verdict.verdict}`;
    sentences.push(
      `Ranked by the test images themselves, ${nameOf(top)} comes first with ` +
        `${percent(top.test.mean)}, ${points(top.test.mean - chosen.test.mean)} points, ${telling}; ` +
        'choosing by test images flatters the choice.',
    );
  }
  return sentences;
}

function comparedSentences(facts: Facts, all: readonly Scored[], chosen: Scored): string[] {
  const groups: Record<string, Scored[]> = {};
  for (const other of all) {
    const found = other === chosen ? undefined : verdictOn(facts, chosen.id, other.id);
    if (found)
      (groups[found.verdict === 'noEvidence' ? 'noEvidence' : `${found.verdict} ${found.kind}`] ??= []).push(other);
  }
  const sentences: string[] = [];
  const say = (key: string, sentence: (list: string) => string) =>
    groups[key] && sentences.push(sentence(names(groups[key])));
  say('better recipes', (list) => `As a recipe, over several seeds, it is better than ${list}.`);
  say(
    'better checkpoints',
    (list) =>
      `Its trained model answers more of the same test images correctly than that of ${list}; ` +
      'with fewer than three seeds this says nothing about another training.',
  );
  say('worse recipes', (list) => `As a recipe it is worse on the test images than ${list}.`);
  say(
    'worse checkpoints',
    (list) => `Its trained model answers fewer of the same test images correctly than that of ${list}.`,
  );
  say('noEvidence', (list) => `It cannot be told apart from ${list}.`);
  const cheaper = (groups['noEvidence'] ?? [])
    .filter((e) => macsOf(facts, e) < 0.9 * macsOf(facts, chosen))
    .sort((a, b) => macsOf(facts, a) - macsOf(facts, b))[0];
  if (cheaper)
    sentences.push(
      `${nameOf(cheaper)} costs ${(macsOf(facts, chosen) / macsOf(facts, cheaper)).toFixed(1)} times fewer multiply-accumulates an image (` +
        `${scaled(macsOf(facts, cheaper))} against ${scaled(macsOf(facts, chosen))}) and is not shown to be worse.`,
    );
  return sentences;
}

const macsOf = (facts: Facts, experiment: ReportExperiment): number =>
  facts.runs[experiment.runs[0] ?? -1]?.macs ?? Number.NaN;

/** How much the mean accuracy changes over the values of each swept setting. */
function sweepSentences(facts: Facts, all: readonly Scored[]): string[] {
  const effects = [...new Set(all.map((e) => e.group))].flatMap((group) => {
    const members = all.filter((e) => e.group === group);
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

function unknownSentences(facts: Facts, all: readonly Scored[]): string[] {
  const sentences: string[] = [];
  const pairs = facts.sections.flatMap((section): readonly { readonly verdict: Verdict }[] =>
    section.recipePairs.length > 0 ? section.recipePairs : section.checkpoints,
  );
  const undecided = pairs.filter((pair) => pair.verdict === 'noEvidence').length;
  if (undecided > 0)
    sentences.push(
      `What cannot be told: ${undecided} of the ${plural(pairs.length, 'compared pair')} show no evidence of a difference.`,
    );
  const few = all.filter((e) => e.test.count < 3);
  if (few.length > 0)
    sentences.push(
      `${names(few)} ${few.length === 1 ? 'has' : 'have'} fewer than three trained seeds: ` +
        `how much ${few.length === 1 ? 'this recipe varies' : 'these recipes vary'} from training to training is unknown.`,
    );
  const without = facts.runs.filter((run) => run.status !== 'finished').length;
  if (without > 0)
    sentences.push(
      `${plural(without, 'planned training')} of ${facts.runs.length} ` +
        `${without === 1 ? 'has' : 'have'} no result and ${without === 1 ? 'is' : 'are'} named below.`,
    );
  if (facts.comparisonId === null && all.length > 1)
    sentences.push('No comparison record was found: differences are shown without a test.');
  return sentences;
}

/** The report in a few plain sentences, made from the data alone. */
export function summaryOf(facts: Facts): string[] {
  const all = scored(facts);
  const chosen = leader(all, 'validation');
  if (!chosen) return [`None of the ${plural(facts.runs.length, 'planned training')} has a result yet.`];
  return [
    ...bestSentences(facts, all, chosen),
    ...comparedSentences(facts, all, chosen),
    ...sweepSentences(facts, all),
    ...unknownSentences(facts, all),
  ];
}
