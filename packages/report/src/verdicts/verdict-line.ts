import { percent } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { RankedRow, Ranking } from '../data/report-data.ts';
import { fractionWords } from '../text/fraction-words.ts';
import { plural } from '../text/plural.ts';
import { namesOf, rowName } from './names.ts';

/** With fewer, what is shown is of trained models, not of recipes. */
const FEWEST_SEEDS = 3;

/** `an eighth of the MACs of X`: null unless the row is at least a tenth cheaper. */
function cheaper(row: RankedRow, than: RankedRow): string | null {
  if (row.macs === null || than.macs === null || row.macs >= 0.9 * than.macs) return null;
  return `${fractionWords(row.macs / than.macs)} of the MACs`;
}

/** The cheapest of the rows that tie with the chosen one. */
function cheapestTie(rows: readonly RankedRow[]): RankedRow | undefined {
  return rows.filter(({ standing }) => standing === 'tied').sort((a, b) => (a.macs ?? 0) - (b.macs ?? 0))[0];
}

function evidence(rows: readonly RankedRow[]): string {
  const counts = rows.map(({ trainings }) => trainings);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return 'shown on one training each, so another seed may say otherwise';
  const seeds = fewest === most ? plural(most, 'seed') : `${fewest} to ${plural(most, 'seed')}`;
  return fewest < FEWEST_SEEDS ? `shown over ${seeds}, too few to speak of recipes` : `shown over ${seeds}`;
}

/** The verdict of one data set in one line: which is best, what ties with it at what cost, and on what evidence. */
export function verdictLine(facts: Facts, { chance, rows }: Omit<Ranking, 'verdict'>): string {
  const scored = rows.filter(({ standing }) => standing !== 'noResult');
  const [chosen, ...others] = scored;
  if (chosen === undefined)
    return `None of the ${plural(
      rows.reduce((sum, { planned }) => sum + planned, 0),
      'planned training',
    )} has a result yet.`;
  const guessing = scored.some(({ aboveChance }) => aboveChance)
    ? null
    : `nothing is shown to beat guessing (${percent(chance, 0)})`;
  const opening = guessing === null ? null : guessing.replace('n', 'N');
  const figure = percent(chosen.estimate ?? 0);
  if (others.length === 0)
    return sentence([
      chosen.aliases.length === 0
        ? `${rowName(facts, chosen)} is the only experiment with results: ${figure}`
        : `${namesOf(facts, [chosen.experiment, ...chosen.aliases])} are one recipe under several names: ${figure}`,
      guessing,
    ]);
  const ties = others.filter(({ standing }) => standing === 'tied');
  const cheap = cheapestTie(ties);
  const saving = cheap && cheaper(cheap, chosen);
  const ahead = others.filter(({ standing }) => standing === 'better');
  const name = rowName(facts, chosen);
  const claims =
    guessing !== null || ties.length === others.length
      ? [
          `${namesOf(
            facts,
            scored.filter((row) => row === chosen || row.standing === 'tied').map(({ experiment }) => experiment),
          )} tie`,
          cheap && saving ? `${rowName(facts, cheap)} needs ${saving}` : null,
        ]
      : [
          ahead.length > 0
            ? `${name} is chosen by validation, but ${namesOf(
                facts,
                ahead.map(({ experiment }) => experiment),
              )} did better on the test images`
            : `${name} is best`,
          cheap && saving
            ? `${rowName(facts, cheap)} ties at ${saving}`
            : ties.length > 0
              ? `${namesOf(
                  facts,
                  ties.map(({ experiment }) => experiment),
                )} ${ties.length === 1 ? 'ties' : 'tie'} with it`
              : null,
        ];
  return sentence([opening, ...claims, evidence(scored)]);
}

function sentence(parts: readonly (string | null | undefined)[]): string {
  return `${parts.filter((part) => part !== null && part !== undefined).join('; ')}.`;
}
