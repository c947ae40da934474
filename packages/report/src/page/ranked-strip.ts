import { dollars, duration, percent, percentInterval, percentTick, scaled } from '@bakeoff/statistics/formats';
import type { Measurements } from '../data/measurements.ts';
import type { RankedRow, Ranking, ReportData } from '../data/report-data.ts';
import { trialCount } from '../data/trials.ts';
import { listed } from '../text/listed.ts';
import { plural } from '../text/plural.ts';
import { progressOfRuns } from '../text/progress-text.ts';
import { nameOf } from '../verdicts/names.ts';
import { rankedCosts } from '../verdicts/ranked-costs.ts';
import { STANDING_MARKS, standingsOf } from '../verdicts/standing-marks.ts';
import { type AccuracyScale, accuracyScale } from './accuracy-scale.ts';
import { type Html, html, measured, written } from './html.ts';

/** Rows in view at once; the others are folded below, so that the summary is on the first screen, too. */
const MAX_ROWS = 10;

/** Whether guessing is within the strip's scale, so that its line is drawn. */
function showsGuessing({ scale, ranking }: Strip): boolean {
  const place = scale.place(ranking.chance);
  return place > 0 && place < 100;
}

function dotAndInterval({ estimate, interval }: RankedRow, strip: Strip): Html {
  const { scale, ranking } = strip;
  const at = (accuracy: number): string => `${scale.place(accuracy)}%`;
  const line = (accuracy: number, name: string): Html =>
    html`<line class="${name}" x1="${at(accuracy)}" x2="${at(accuracy)}" y1="0" y2="100%"/>`;
  return html`<svg class="interval" width="100%" height="100%" aria-hidden="true">${scale.ticks.map((tick) => line(tick, 'grid'))}${showsGuessing(strip) ? line(ranking.chance, 'chance') : null}${interval === null ? null : html`<line class="bar" x1="${at(interval.low)}" x2="${at(interval.high)}" y1="50%" y2="50%"/>`}${estimate === null ? null : html`<circle cx="${at(estimate)}" cy="50%" r="3.4"/>`}</svg>`;
}

function axis(scale: AccuracyScale): Html {
  return html`<svg class="interval" width="100%" height="16" aria-hidden="true">${scale.ticks.map((tick) => html`<text x="${scale.place(tick)}%" y="12" text-anchor="middle">${percentTick(tick)}</text>`)}</svg>`;
}

interface Strip {
  readonly data: ReportData;
  readonly measurements: Measurements;
  readonly ranking: Ranking;
  readonly scale: AccuracyScale;
  /** Whether any training's cost in dollars is known. */
  readonly priced: boolean;
}

const head = (name: string, title: string): Html => html`<th scope="col" class="n ${name}">${title}</th>`;
const cell = (name: string, label: string, value: number | null, text: (v: number) => string): Html =>
  html`<td class="n ${name}" data-label="${label}" data-v="${value ?? ''}">${value === null ? '–' : text(value)}</td>`;

function rowMarkup(strip: Strip, row: RankedRow): Html {
  const { data, measurements, priced } = strip;
  const { experiment, aliases, standing, sentence, estimate, interval, validation, trainings, planned } = row;
  const [mark, meaning] = STANDING_MARKS[standing];
  const costs = rankedCosts(data, measurements, row);
  const also =
    aliases.length === 0
      ? null
      : html` <small>also ${written(listed(aliases.map((alias) => nameOf(data, alias))))}</small>`;
  const { trial } = data.experiments[experiment]!;
  const from = trial?.chosen ? html` <small>of ${trialCount(data, trial.search)}</small>` : null;
  const accuracy =
    estimate === null
      ? html`<td class="n accuracy" data-label="Test accuracy">${progressOfRuns(data.experiments[experiment]!.runs.map((run) => data.runs[run]!)) ?? 'no result'}</td>`
      : html`<td class="n accuracy" data-label="Test accuracy" data-v="${estimate}"><b>${percent(estimate)}</b>${interval === null ? null : html` <small>${percentInterval(interval)}</small>`}</td>`;
  const timed = html`${cell('time', 'Training time', costs.secondsPerTraining, duration)}${priced ? cell('cost', 'Cost', costs.dollarsPerTraining, dollars) : null}`;
  return html`<tr class="${standing}" data-experiment="${experiment}" title="${sentence}"><th scope="row" class="name"><span class="standing" aria-hidden="true">${mark}</span><span class="sr">${meaning}: </span>${written(nameOf(data, experiment))}${from}${also}</th><td class="dot">${dotAndInterval(row, strip)}</td>${accuracy}${cell('validation', 'Validation', validation, (v) => percent(v))}<td class="n seeds" data-label="Seeds" data-v="${trainings}">${trainings === planned ? trainings : `${trainings} of ${planned}`}</td>${cell('macs', 'MACs', row.macs, scaled)}${cell('parameters', 'Parameters', row.parameters, scaled)}${measured(timed)}</tr>`;
}

function tableMarkup(strip: Strip, rows: readonly RankedRow[], label: string): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="${label}"><table class="strip"><thead><tr><th scope="col" class="left name">Experiment</th><td class="dot">${axis(strip.scale)}</td>${head('accuracy', 'Test accuracy')}${head('validation', 'Validation')}${head('seeds', 'Seeds')}${head('macs', 'MACs')}${head('parameters', 'Parameters')}${measured(html`${head('time', 'Training time')}${strip.priced ? head('cost', 'Cost') : null}`)}</tr></thead><tbody>${rows.map((row) => rowMarkup(strip, row))}</tbody></table></div>`;
}

/** What the marks in use mean, and what the bars are. */
function keyMarkup(strip: Strip): Html {
  const { rows, chance } = strip.ranking;
  const used = standingsOf(rows);
  const marks = used.map(
    (standing, i) => html`${i > 0 ? ', ' : ''}<b>${STANDING_MARKS[standing][0]}</b> ${STANDING_MARKS[standing][1]}`,
  );
  const bars = rows.some(({ intervalOf }) => intervalOf === 'training')
    ? 'Bars: 95 % intervals, with one seed for other test images only.'
    : 'Bars: 95 % intervals for other seeds and test images.';
  const guessing = showsGuessing(strip) ? ` Dashed: guessing, ${percent(chance, 0)}.` : '';
  return html`<p class="note key">${marks}. ${bars}${guessing} Time and cost are per training.</p>`;
}

/**
 * Every experiment of a ranking as a row: its standing, name, accuracy as dot and interval on one scale, and what it
 * costs. Rows after the first ten are folded.
 */
export function rankedStrip(data: ReportData, measurements: Measurements, ranking: Ranking): Html {
  const { rows } = ranking;
  const values = rows.flatMap(({ estimate, interval }) => [
    ...(estimate === null ? [] : [estimate]),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const priced = rows.some((row) => rankedCosts(data, measurements, row).dollarsPerTraining !== null);
  const strip: Strip = { data, measurements, ranking, scale: accuracyScale(values), priced };
  // A fold of one or two rows would take as much room as the rows.
  const shown = rows.length <= MAX_ROWS + 2 ? rows.length : MAX_ROWS;
  const rest = rows.slice(shown);
  return html`<div class="ranking">${tableMarkup(strip, rows.slice(0, shown), 'Experiments, ranked')}${
    rest.length === 0
      ? null
      : html`<details class="rest"><summary>${plural(rest.length, 'further experiment')}</summary>${tableMarkup(strip, rest, 'Further experiments, ranked')}</details>`
  }${keyMarkup(strip)}</div>`;
}
