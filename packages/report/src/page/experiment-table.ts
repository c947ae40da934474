import { mean } from '@bakeoff/statistics';
import { duration, grouped, percent, percentInterval, pointsApart, scaled } from '@bakeoff/statistics/formats';
import { SCORE_FIGURES, type ScoreFigure } from '@bakeoff/statistics/metrics';
import type { Group } from '../charts/chart.ts';
import { groupAccuracy, leading, sectionGroups } from '../charts/groups.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData, ReportSectionData } from '../data/report-data.ts';
import { isEvaluated, isPassedOver } from '../data/trials.ts';
import { isUnderway, progressOfRuns } from '../text/progress-text.ts';
import { termed } from './glossary.ts';
import { type Html, html, measured, written } from './html.ts';
import { swatch } from './swatch.ts';

const MAX_ROWS = 40;

/** The columns of metrics; some say more than accuracy only if classes differ in size. */
function sectionFigures({ runs }: ReportData): readonly ScoreFigure[] {
  const isUnequal = runs.some(({ evaluation }) => {
    const supports = (evaluation?.test.perClass ?? []).map(({ support }) => support);
    return supports.some((support) => support !== supports[0]);
  });
  return SCORE_FIGURES.filter(
    ({ shownIn }) => shownIn.includes('sections') || (isUnequal && shownIn.includes('unequalClasses')),
  );
}

function accuracyCells(data: ReportData, group: Group, shown: readonly ScoreFigure[]): Html {
  const accuracy = groupAccuracy(data, group);
  const experiment = data.experiments[group.experiment]!;
  const { validation } = experiment;
  if (validation && isPassedOver(experiment))
    return html`<td class="n" data-v="${validation.mean}">${percent(validation.mean)}</td><td colspan="${2 + shown.length}" class="none">not chosen</td>`;
  const runs = group.runs.map((run) => data.runs[run]!);
  if (!accuracy)
    return html`<td colspan="${3 + shown.length}" class="none">${progressOfRuns(runs) ?? 'no result'}</td>`;
  const evaluated = group.runs.flatMap((run) => data.runs[run]?.evaluation ?? []);
  const of = accuracy.intervalOf === 'seeds' ? 'mean' : 'images';
  const figures = shown.map(({ of: read, format }) => {
    const values = evaluated.flatMap(({ test }) => read(test) ?? []);
    return values.length === 0
      ? html`<td class="n">–</td>`
      : html`<td class="n" data-v="${mean(values)}">${format(mean(values))}</td>`;
  });
  return html`<td class="n" data-v="${validation?.mean ?? ''}">${percent(validation?.mean ?? 0)}</td><td class="n" data-v="${accuracy.mean}"><b>${percent(accuracy.mean)}</b>${accuracy.standardDeviation === null ? null : html` <small title="Sample standard deviation over seeds, in points">± ${pointsApart(accuracy.standardDeviation)}</small>`}</td><td class="n">${accuracy.interval ? html`${percentInterval(accuracy.interval)} <small>${of}</small>` : '–'}</td>${figures}`;
}

function countCell(value: number | undefined): Html {
  return html`<td class="n" data-v="${value ?? ''}" title="${grouped(value ?? 0)}">${value === undefined ? '–' : scaled(value)}</td>`;
}

function timeCell({ runs: all }: ReportData, measurements: Measurements, runs: readonly number[]): Html {
  const ended = runs.filter((run) => !isUnderway(all[run]!));
  const seconds = ended.flatMap((run) => measurements.runs[run]?.wallSeconds ?? []);
  const value = seconds.length === 0 ? null : mean(seconds);
  return html`<td class="n" data-v="${value ?? ''}">${value === null ? '–' : duration(value)}</td>`;
}

/** The section's experiments with their figures over seeds, the best validation accuracy first and marked. */
export function experimentTable(
  data: ReportData,
  measurements: Measurements,
  section: ReportSectionData,
  number: number,
): Html {
  const validation = ({ experiment }: Group): number => data.experiments[experiment]?.validation?.mean ?? -1;
  const groups = leading(data, sectionGroups(data, section.experiments), MAX_ROWS).sort(
    (a, b) => validation(b) - validation(a),
  );
  const figures = sectionFigures(data);
  const rows = groups.map((group, place) => {
    const runs = group.runs.flatMap((run) => data.runs[run] ?? []);
    const finished = runs.filter(isEvaluated).length;
    const isBest = place === 0 && groups.length > 1 && validation(group) >= 0;
    const best = html`<span class="winner" title="Highest validation accuracy of this section">★<span class="sr"> highest validation accuracy</span></span> `;
    const baseline = section.baseline === group.experiment ? html` <span class="tag">baseline</span>` : null;
    return html`<tr data-experiment="${group.experiment}"${isBest ? html` class="best"` : null}><th scope="row" class="name">${swatch(group.style)}${isBest ? best : null}${written(group.name)}${baseline}</th>${accuracyCells(data, group, figures)}<td class="n">${finished === runs.length ? runs.length : `${finished} of ${runs.length}`}</td>${countCell(runs[0]?.parameters)}${countCell(runs[0]?.macs)}${measured(timeCell(data, measurements, group.runs))}</tr>`;
  });
  const more =
    section.experiments.length > MAX_ROWS
      ? html`<p class="note">The ${MAX_ROWS} of ${section.experiments.length} experiments with the highest validation accuracy; the table of runs has all.</p>`
      : null;
  const heads = [
    'Validation',
    'Test accuracy',
    '95 % interval',
    ...figures.map(({ title }) => title),
    'Seeds',
    'Parameters',
    'MACs',
    'Training time',
  ].map((title) => html`<th scope="col" class="n">${termed(title)}</th>`);
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Experiments of section ${number}"><table class="results"><thead><tr><th scope="col" class="left">Experiment</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>${more}`;
}
