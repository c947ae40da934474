import { percent, percentInterval } from '@bakeoff/statistics/formats';
import type { Facts } from '../data/facts.ts';
import type { RankedRow, Ranking } from '../data/report-data.ts';
import { fractionWords } from '../text/fraction-words.ts';
import { plural } from '../text/plural.ts';
import { noResultYet } from '../text/no-result-yet.ts';
import { namesOf, rowName } from './names.ts';

type Unworded = Omit<Ranking, 'verdict'>;

/** `an eighth of the cost`, in MACs; null unless the row is at least a tenth cheaper. */
function saving(row: RankedRow, than: RankedRow): string | null {
  if (row.macs === null || than.macs === null || row.macs >= 0.9 * than.macs) return null;
  return `${fractionWords(row.macs / than.macs)} of the cost in MACs`;
}

/** The cheapest of the rows that tie with the chosen one, if it is cheaper, and what it needs. */
export function cheaperTie({ rows }: Unworded): { readonly row: RankedRow; readonly saving: string } | null {
  const chosen = rows.find(({ standing }) => standing === 'chosen');
  const [cheapest] = rows
    .filter(({ standing }) => standing === 'tied')
    .sort((a, b) => (a.macs ?? Infinity) - (b.macs ?? Infinity));
  const found = chosen && cheapest && saving(cheapest, chosen);
  return found ? { row: cheapest, saving: found } : null;
}

/** "nothing is shown to beat guessing (10 %)"; null if something is, or if it was not tested. */
export function guessingClause({ chance, rows }: Unworded): string | null {
  const tested = rows.filter(({ aboveChance }) => aboveChance !== null);
  if (tested.length === 0 || tested.some(({ aboveChance }) => aboveChance)) return null;
  return `nothing is shown to beat guessing (${percent(chance, Number.isInteger(Math.round(chance * 1e9) / 1e7) ? 0 : 1)})`;
}

/** On what the comparisons rest: recipes over their seeds, or single trainings. */
function evidence(scored: readonly RankedRow[], { pairs }: Unworded): string {
  const counts = scored.map(({ trainings }) => trainings);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = fewest === most ? plural(most, 'seed') : `${fewest} to ${plural(most, 'seed')}`;
  if (pairs.compared === 0) return 'nothing was compared by a test';
  if (pairs.recipes === pairs.compared) return `shown over ${seeds}`;
  if (pairs.recipes === 0) return 'shown on one training each, so another seed may say otherwise';
  return `shown over seeds for ${pairs.recipes} of ${plural(pairs.compared, 'comparison')}, on one training each for the others`;
}

/** Of several recipes: which is best or which tie, and what ties at what cost. */
function claims(facts: Facts, ranking: Unworded, scored: readonly RankedRow[]): (string | null)[] {
  const [chosen, ...others] = scored as readonly [RankedRow, ...RankedRow[]];
  const all = (rows: readonly RankedRow[]): string =>
    namesOf(
      facts,
      rows.map(({ experiment }) => experiment),
    );
  const standing = (kind: RankedRow['standing']): RankedRow[] => others.filter((row) => row.standing === kind);
  const [ties, worse, better] = [standing('tied'), standing('worse'), standing('better')];
  const cheaper = cheaperTie(ranking);
  const name = rowName(facts, chosen);
  if (ties.length > 0 && (ties.length === others.length || guessingClause(ranking) !== null))
    return [`${all([chosen, ...ties])} tie`, cheaper && `${rowName(facts, cheaper.row)} at ${cheaper.saving}`];
  if (guessingClause(ranking) !== null || standing('untested').length === others.length)
    return [`${name} has the highest validation accuracy`];
  const first =
    better.length > 0
      ? `${name} is chosen by validation, but ${all(better)} did better on the test images`
      : `${name} is best`;
  if (cheaper) return [first, `${rowName(facts, cheaper.row)} ties at ${cheaper.saving}`];
  if (ties.length > 0) return [first, `${all(ties)} ${ties.length === 1 ? 'ties' : 'tie'} with it`];
  return [first, worse.length === others.length && worse.length > 1 ? `all ${worse.length} others are worse` : null];
}

function alone(facts: Facts, row: RankedRow): string {
  const figure = `${percent(row.estimate ?? 0)} of the test images${row.interval ? ` ${percentInterval(row.interval)}` : ''}`;
  const over = row.trainings === 1 ? 'one training' : plural(row.trainings, 'seed');
  return row.aliases.length === 0
    ? `${rowName(facts, row)} is the only recipe with results: ${figure}, ${over}`
    : `${namesOf(facts, [row.experiment, ...row.aliases])} are one recipe under ${row.aliases.length + 1} names, so there is nothing to choose: ${figure}, ${over}`;
}

/** The verdict of one data set in one line: which is best, what ties with it at what cost, and on what evidence. */
export function verdictLine(facts: Facts, ranking: Unworded): string {
  const scored = ranking.rows.filter(({ standing }) => standing !== 'noResult');
  const guessing = guessingClause(ranking);
  const [only, ...others] = scored;
  if (only === undefined) {
    const planned = ranking.rows.reduce((sum, row) => sum + row.planned, 0);
    return noResultYet(planned);
  }
  const parts =
    others.length === 0
      ? [alone(facts, only), guessing]
      : [guessing && `N${guessing.slice(1)}`, ...claims(facts, ranking, scored), evidence(scored, ranking)];
  return `${parts.filter((part) => part !== null).join('; ')}.`;
}
