import { isDecided, type Verdict } from '@bakeoff/statistics';
import { percent } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { ReportSectionData } from '../data/report-data.ts';
import { isPassedOver } from '../data/trials.ts';
import { plural } from '../text/plural.ts';
import { nameOf, namesOf } from './names.ts';
import { verdictOn } from './verdict-on.ts';

type Scope = Omit<Facts, 'sections'>;
type Compared = Omit<ReportSectionData, 'findings'>;

/** What the section's comparisons say, in one or two sentences, the best experiment first; none without results. */
export function sectionFindings(scope: Scope, section: Compared): string[] {
  const scored = section.experiments.filter((i) => {
    const experiment = scope.experiments[i];
    return experiment?.validation && !isPassedOver(experiment);
  });
  const validation = (i: number): number => scope.experiments[i]?.validation?.mean ?? -1;
  const [best] = [...scored].sort((a, b) => validation(b) - validation(a));
  if (best === undefined) return [];
  return [leaderSentence(scope, section, best, scored), countSentence(section)].filter((text) => text !== null);
}

const PHRASES: readonly (readonly [Verdict, string])[] = [
  ['better', 'better than'],
  ['worse', 'worse on the test images than'],
  ['suggestive', 'suggestively different from, but not after the correction,'],
  ['noEvidence', 'not told apart from'],
];

/** The experiment with the highest validation accuracy, and what the section's tests say of it against the others. */
function leaderSentence(scope: Scope, section: Compared, best: number, scored: readonly number[]): string {
  const idOf = (i: number): string => scope.experiments[i]!.id;
  const verdictAgainst = (other: number): Verdict | undefined =>
    verdictOn({ sections: [section] }, idOf(best), idOf(other))?.verdict;
  const verdicts = scored.filter((i) => i !== best).map((other) => ({ other, verdict: verdictAgainst(other) }));
  const parts = PHRASES.flatMap(([verdict, phrase]) => {
    const others = verdicts.filter((found) => found.verdict === verdict).map(({ other }) => other);
    return others.length === 0 ? [] : [`${phrase} ${namesOf(scope, others)}`];
  });
  const figure = percent(scope.experiments[best]?.test?.mean ?? 0);
  const claim = `${nameOf(scope, best)} has the highest validation accuracy here, and ${figure} on the test images`;
  return parts.length === 0 ? `${claim}.` : `${claim}: ${parts.join('; ')}.`;
}

const apart = (pairs: readonly { readonly verdict: Verdict }[]): string =>
  `${pairs.filter(({ verdict }) => isDecided(verdict)).length} of ${plural(pairs.length, 'pair')}`;

/** How many pairs are told apart: of recipes over their seeds, and of single trainings, which is not the same. */
export function apartPhrase({ recipePairs, checkpoints }: Pick<Compared, 'recipePairs' | 'checkpoints'>): string {
  const recipes = recipePairs.length === 0 ? 'no pair of recipes was tested, which takes three seeds each' : null;
  return `${recipes ?? `${apart(recipePairs)} of recipes`}; ${apart(checkpoints)} of single trainings`;
}

function countSentence(section: Compared): string | null {
  return section.checkpoints.length < 2 ? null : `Told apart after correction: ${apartPhrase(section)}.`;
}
