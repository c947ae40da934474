import type { FirstLines, FirstLinesRow } from '@bakeoff/report/first-lines';
import { dollars, percentInterval, pointsApart, roughDollars, withPlainSpaces } from '@bakeoff/statistics/formats';
import { formatDuration, formatMagnitude, formatPercent } from './format.ts';
import { wrapWords } from './hanging.ts';
import { type Style, visibleLength } from './style.ts';
import { formatTable, left, right } from './table.ts';

/** Rows that are printed; the report has all of them. */
const MAX_ROWS = 20;
const FEWEST_NAME_CHARACTERS = 12;

interface Ranked {
  readonly style: Style;
  /** Most columns of a line. */
  readonly columns: number;
}

/** What the page says first, as plain text: for each data set the verdict, and its experiments ranked. */
export function rankedLines(sections: readonly FirstLines[], setting: Ranked): string[] {
  return sections.flatMap((section) => [
    ...(sections.length > 1 ? [setting.style.bold(section.source)] : []),
    ...wrapWords(withPlainSpaces(section.verdict), setting.columns).map((line) => setting.style.bold(line)),
    '',
    ...sectionLines(section, setting),
    '',
  ]);
}

function sectionLines({ rows, marks }: FirstLines, { style, columns }: Ranked): string[] {
  const shown = rows.slice(0, MAX_ROWS);
  const hasSeeds = shown.some(({ deviation }) => deviation !== null);
  const isPriced = shown.some(({ dollarsPerTraining }) => dollarsPerTraining !== null);
  const titles = [
    left(''),
    left('experiment'),
    right('test accuracy'),
    left('95 % interval'),
    right('seeds'),
    right('MACs'),
    right('time'),
    ...(isPriced ? [right('cost')] : []),
  ];
  const table = (nameWidth: number): string[] =>
    formatTable(
      titles,
      shown.map((row) => rowCells(row, nameWidth, isPriced)),
      style.dim,
    );
  // Names give way to figures where a line would be too long.
  const full = table(Infinity);
  const excess = Math.max(...full.map((line) => visibleLength(line))) - columns;
  const longest = Math.max(...shown.map(({ name }) => name.length));
  const lines = excess <= 0 ? full : table(Math.max(FEWEST_NAME_CHARACTERS, longest - excess));
  const key = [
    marks.map(([mark, meaning]) => `${mark} ${meaning}`).join(', '),
    hasSeeds ? '±: standard deviation over seeds' : '',
    `Time${isPriced ? ' and cost are' : ' is'} per training`,
  ];
  return [
    ...lines,
    ...(rows.length > MAX_ROWS ? [style.dim(`… and ${rows.length - MAX_ROWS} more in the report`)] : []),
    ...wrapWords(`${key.filter((part) => part !== '').join('. ')}.`, columns).map(style.dim),
  ];
}

function rowCells(row: FirstLinesRow, nameWidth: number, isPriced: boolean): string[] {
  const { estimate, deviation, interval, trainings, planned, macs, secondsPerTraining, dollarsPerTraining } = row;
  const spread = deviation === null ? '' : ` ± ${pointsApart(deviation, 1)}`;
  return [
    row.mark,
    clipMiddle(row.name, nameWidth),
    estimate === null ? 'no result' : `${formatPercent(estimate)}${spread}`,
    interval === null ? '' : percentInterval(interval, 1),
    trainings === planned ? String(trainings) : `${trainings} of ${planned}`,
    macs === null ? '' : formatMagnitude(macs),
    secondsPerTraining === null ? '' : formatDuration(secondsPerTraining * 1000),
    ...(isPriced ? [dollarsPerTraining === null ? '' : dollars(dollarsPerTraining)] : []),
  ];
}

/** Names of a sweep differ at their ends, so that the middle is left out. */
function clipMiddle(name: string, width: number): string {
  if (name.length <= width) return name;
  const end = Math.floor((width - 1) / 2);
  return `${name.slice(0, width - 1 - end)}…${name.slice(name.length - end)}`;
}

interface Total {
  readonly trainings: number;
  readonly seconds: number;
  /** Null: no machine with a price. */
  readonly dollars: number | null;
}

/** "3 trainings took 2 min 06 s together, $0.12"; nothing if nothing was measured. */
export function totalLine({ trainings, seconds, dollars: cost }: Total): string[] {
  if (trainings === 0) return [];
  const money = cost === null ? '' : `, ${roughDollars(cost)}`;
  const time = formatDuration(seconds * 1000);
  return [
    trainings === 1 ? `its training took ${time}${money}` : `${trainings} trainings took ${time} together${money}`,
  ];
}
