import { mean } from '@bakeoff/statistics';
import { dollars, duration, percent, percentInterval, pointsApart, scaled } from '@bakeoff/statistics/formats';
import { scoreFigure } from '@bakeoff/statistics/metrics';
import { cleanText } from '../text/clean-text.ts';
import type { Measurements } from '../data/measurements.ts';
import type { RankedRow, ReportData, RunStatus, Standing } from '../data/report-data.ts';
import { isEvaluated } from '../data/trials.ts';
import { rowName } from '../verdicts/names.ts';
import { rankedCosts } from '../verdicts/ranked-costs.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { progressText } from '../text/progress-text.ts';

const HTML_ENTITIES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** One line without any meaning in Markdown or HTML: no markup, no mention, no change of writing direction. */
function escapeMarkdown(text: string): string {
  const line = cleanText(text).replace(/\s+/g, ' ');
  return line
    .replace(/[<>&]/g, (character) => HTML_ENTITIES[character]!)
    .replace(/[\\`*_{}[\]#+!|~]/g, '\\$&')
    .replaceAll('@', '@\u200B');
}

/** Rows of the table. A longer comment on a pull request would not be read. */
const MAX_ROWS = 30;

/** Why a training has no result. */
const ABSENT_TEXTS: Partial<Record<RunStatus, string>> = {
  diverged: 'diverged',
  notEvaluated: 'not evaluated',
  missing: 'no record',
};

const MARKS: Readonly<Record<Standing, string>> = {
  chosen: 'chosen',
  tied: 'ties',
  worse: 'worse',
  better: 'better on test',
  untested: 'not compared',
  noResult: '',
};

/** Scores beside the accuracy, as means over the trainings of an experiment. */
const BESIDE_ACCURACY = [scoreFigure('balancedAccuracy'), scoreFigure('macroF1')];

function besideAccuracy({ experiments, runs }: ReportData, { experiment }: RankedRow): string[] {
  const evaluated = (experiments[experiment]?.runs ?? []).flatMap((run) => runs[run]?.evaluation ?? []);
  return BESIDE_ACCURACY.map(({ of, format }) => {
    const values = evaluated.flatMap(({ test }) => of(test) ?? []);
    return values.length === 0 ? '–' : format(mean(values));
  });
}

function rowCells(data: ReportData, measurements: Measurements, row: RankedRow): string[] {
  const { secondsPerTraining, dollarsPerTraining } = rankedCosts(data, measurements, row);
  const deviation = data.experiments[row.experiment]?.test?.standardDeviation ?? null;
  return [
    escapeMarkdown(rowName(data, row)),
    MARKS[row.standing],
    percent(row.validation ?? 0),
    `**${percent(row.estimate ?? 0)}**${deviation === null ? '' : ` ± ${pointsApart(deviation)}`}`,
    row.interval ? percentInterval(row.interval) : '–',
    ...besideAccuracy(data, row),
    String(row.trainings),
    scaled(row.parameters ?? 0),
    scaled(row.macs ?? 0),
    secondsPerTraining === null ? '–' : duration(secondsPerTraining),
    dollarsPerTraining === null ? '–' : dollars(dollarsPerTraining),
  ];
}

/**
 * The report as one page of Markdown for a pull request: verdict, summary, the ranked experiments, and what is
 * missing.
 */
export function reportMarkdown(data: ReportData, measurements: Measurements): string {
  const [main] = data.rankings;
  const ranked = data.rankings.flatMap(({ rows }) => rows).filter(({ standing }) => standing !== 'noResult');
  const cells = ranked.slice(0, MAX_ROWS).map((row) => rowCells(data, measurements, row));
  const table = [
    [
      'Experiment',
      '',
      'Validation',
      'Test accuracy',
      '95 % interval',
      ...BESIDE_ACCURACY.map(({ name }) => name),
      'Seeds',
      'Parameters',
      'MACs',
      'Training time',
      'Cost',
    ],
    ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:'],
    ...cells,
  ].map((row) => `| ${row.join(' | ')} |`);
  const absent = data.runs.flatMap((run, i) =>
    isEvaluated(run) ? [] : [{ run, failure: measurements.failures[i] ?? null }],
  );
  const missing = absent
    .slice(0, 20)
    .map(
      ({ run, failure }) =>
        `- ${escapeMarkdown(clip(data.experiments[run.experiments[0] ?? -1]?.title ?? '', 60))}, seed ${run.seed}: ` +
        (ABSENT_TEXTS[run.status] ?? progressText(run)) +
        (failure === null ? '' : `; ${escapeMarkdown(clip(failure, 200))}`),
    );
  return `${[
    `## ${escapeMarkdown(clip(data.title, 200))}`,
    '',
    ...(main ? [`**${escapeMarkdown(main.verdict)}**`, ''] : []),
    ...data.summary.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    '',
    ...(ranked.length > 0 ? table : []),
    ...(ranked.length > MAX_ROWS
      ? ['', `The best ${MAX_ROWS} of ${plural(ranked.length, 'experiment')} by validation accuracy.`]
      : []),
    ...(absent.length > 0
      ? [
          '',
          `**${plural(absent.length, 'training')} without a result**`,
          '',
          ...missing,
          ...(absent.length > 20 ? [`- and ${absent.length - 20} more`] : []),
        ]
      : []),
    '',
    `Report \`${data.reportId}\`, plan \`${data.planId}\`. ` +
      'Ranked by validation accuracy. Intervals are of the mean over seeds and images, or for the test images alone if one seed was trained. ' +
      'Time and cost are means per training, over all its attempts.',
  ].join('\n')}\n`;
}
