import type { ReportData, ReportRun } from '../data/report-data.ts';
import { type Column, plainColumn } from './column.ts';

/** The search that a run belongs to, and which trial it is; no columns without a search. */
export function trialColumns({ experiments }: ReportData): Column[] {
  if (experiments.every(({ trial }) => trial === undefined)) return [];
  const trialsOf = (run: ReportRun) => run.experiments.flatMap((e) => experiments[e]?.trial ?? []);
  const trialOf = (run: ReportRun) => trialsOf(run).find(({ chosen }) => chosen) ?? trialsOf(run)[0];
  return [
    plainColumn(
      'search',
      'Search',
      'The search that the run is a trial of',
      (run) => trialOf(run)?.search ?? null,
      false,
    ),
    plainColumn('trial', 'Trial', 'Number of the trial in its search', (run) => trialOf(run)?.number ?? null, false),
    {
      ...plainColumn(
        'chosenTrial',
        'Chosen',
        'Whether validation chose the trial. Test results of the other trials are not reported',
        (run) => trialOf(run)?.chosen ?? null,
        false,
      ),
      text: (chosen) => (chosen === null ? '\u2013' : chosen === true ? '★' : 'no'),
    },
  ];
}
