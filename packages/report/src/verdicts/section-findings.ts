import type { Verdict } from '@bakeoff/statistics';
import { percent } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { ReportSectionData } from '../data/report-data.ts';
import { plural } from '../text/plural.ts';
import { nameOf, namesOf } from './names.ts';
import { verdictOn } from './verdict-on.ts';

type Scope = Omit<Facts, 'sections'>;
type Compared = Omit<ReportSectionData, 'findings'>;

/** What the section's comparisons say, in one or two sentences, the best experiment first; none without results. */
export function sectionFindings(scope: Scope, section: Compared): string[] {
  const scored = section.experiments.filter((i) => scope.experiments[i]?.validation);
  const validation = (i: number): number => scope.experiments[i]?.validation?.mean ?? -1;
  const [best] = [...scored].sort((a, b) => validation(b) - validation(a));
  if (best === undefined) return [];
  return [leaderSentence(scope, section, best, scored), countSentence(section)].filter((text) => text !== null);
}

function leaderSentence(scope: Scope, section: Compared, best: number, scored: readonly number[]): string {
  const idOf = (i: number): string => scope.experiments[i]!.id;
  const groups: Partial<Record<Verdict, number[]>> = {};
  for (const other of scored) {
    const verdict = other === best ? undefined : verdictOn({ sections: [section] }, idOf(best), idOf(other))?.verdict;
    if (verdict !== undefined) (groups[verdict] ??= []).push(other);
  }
  const { better, worse, noEvidence } = groups;
  const parts = [
    better && `better than ${namesOf(scope, better)}`,
    worse && `worse on the test images than ${namesOf(scope, worse)}`,
    noEvidence && `not told apart from ${namesOf(scope, noEvidence)}`,
  ].filter((part) => part !== undefined);
  const figure = percent(scope.experiments[best]?.test?.mean ?? 0);
  const claim = `${nameOf(scope, best)} has the highest validation accuracy here, and ${figure} on the test images`;
  return parts.length === 0 ? `${claim}.` : `${claim}: ${parts.join('; ')}.`;
}

const apart = (pairs: readonly { readonly verdict: Verdict }[]): number =>
  pairs.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length;

/** How many pairs are told apart: of recipes over their seeds, and of single trainings, which is not the same. */
function countSentence({ recipePairs, checkpoints }: Compared): string | null {
  if (checkpoints.length < 2) return null;
  const single = `of ${plural(checkpoints.length, 'pair')} of single trainings, ${apart(checkpoints)}`;
  return recipePairs.length === 0
    ? `Told apart: ${single}; of recipes none was tested, which takes three seeds each.`
    : `Told apart: of ${plural(recipePairs.length, 'pair')} of recipes, ${apart(recipePairs)}; ${single}.`;
}
