import { dollars, duration, percent, percentInterval, pointsApart, scaled } from '@bakeoff/statistics/formats';
import { cleanText } from '../text/clean-text.ts';
import { groupAccuracy } from '../charts/groups.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';

const HTML_ENTITIES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** One line without any meaning in Markdown or HTML: no markup, no mention, no change of writing direction. */
function escapeMarkdown(text: string): string {
  const line = cleanText(text).replace(/\s+/g, ' ');
  return line
    .replace(/[<>&]/g, (character) => HTML_ENTITIES[character]!)
    .replace(/[\\`*_{}[\]#+!|~]/g, '\\$&')
    .replaceAll('@', '@\u200B');
}

const sum = (values: readonly (number | null | undefined)[]): number | null =>
  values.some((v) => typeof v === 'number') ? values.reduce<number>((total, v) => total + (v ?? 0), 0) : null;

/** Rows of the table. A longer comment on a pull request would not be read. */
const MAX_ROWS = 30;

/**
 * The report as one page of Markdown for a pull request: summary, experiments over seeds (best first), and what is
 * missing.
 */
export function reportMarkdown(data: ReportData, measurements: Measurements): string {
  const rows = data.experiments
    .flatMap((experiment, i) => {
      const accuracy = groupAccuracy(data, {
        experiment: i,
        runs: experiment.runs,
        label: experiment.title,
        variant: 0,
      });
      return accuracy ? [{ experiment, accuracy }] : [];
    })
    .sort((a, b) => b.accuracy.mean - a.accuracy.mean);
  const cells = rows.slice(0, MAX_ROWS).map(({ experiment, accuracy }) => {
    const measured = experiment.runs.map((run) => measurements.runs[run]);
    const [time, cost] = [sum(measured.map((m) => m?.wallSeconds)), sum(measured.map((m) => m?.dollars))];
    const first = data.runs[experiment.runs[0] ?? -1];
    return [
      escapeMarkdown(clip(experiment.title, 60)),
      `**${percent(accuracy.mean)}**${accuracy.standardDeviation === null ? '' : ` ± ${pointsApart(accuracy.standardDeviation)}`}`,
      accuracy.interval ? percentInterval(accuracy.interval) : '–',
      percent(experiment.validation?.mean ?? 0),
      String(accuracy.count),
      scaled(first?.parameters ?? 0),
      scaled(first?.macs ?? 0),
      time === null ? '–' : duration(time),
      cost === null ? '–' : dollars(cost),
    ];
  });
  const table = [
    [
      'Experiment',
      'Test accuracy',
      '95 % interval',
      'Validation',
      'Seeds',
      'Parameters',
      'MACs',
      'Training time',
      'Cost',
    ],
    ['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:'],
    ...cells,
  ].map((row) => `| ${row.join(' | ')} |`);
  const absent = data.runs.flatMap((run, i) =>
    run.status === 'finished' ? [] : [{ run, failure: measurements.failures[i] ?? null }],
  );
  const missing = absent
    .slice(0, 20)
    .map(
      ({ run, failure }) =>
        `- ${escapeMarkdown(clip(data.experiments[run.experiments[0] ?? -1]?.title ?? '', 60))}, seed ${run.seed}: ` +
        { diverged: 'diverged', notEvaluated: 'not evaluated', missing: 'no record', finished: '' }[run.status] +
        (failure === null ? '' : `; ${escapeMarkdown(clip(failure, 200))}`),
    );
  return `${[
    `## ${escapeMarkdown(clip(data.title, 200))}`,
    '',
    ...data.summary.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    '',
    ...(rows.length > 0 ? table : []),
    ...(rows.length > MAX_ROWS ? ['', `The best ${MAX_ROWS} of ${plural(rows.length, 'experiment')}.`] : []),
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
      'Intervals are of the mean over seeds, or for the test images if one seed was trained. ' +
      'Time and cost are for all seeds and attempts.',
  ].join('\n')}\n`;
}
