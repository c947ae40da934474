import { percent } from '@bakeoff/statistics/formats';
import type { ReportData, ReportRun } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { isUnderway, progressText } from '../text/progress-text.ts';
import { type Html, html, written } from './html.ts';

/** Trainings named one by one. */
const MAX_NAMED = 8;

/** The rows of trainings: evaluations with different test-time augmentation share one. */
function trainings({ runs }: ReportData): ReportRun[] {
  return [...new Map(runs.map((run) => [run.runId.split(':')[0], run])).values()];
}

/** Epochs done of those that a run can have, 0…1. */
function shareOf({ status, epochs, settings }: ReportRun): number {
  return isUnderway({ status }) ? epochs.length / Number(settings['maxEpochs']) : 1;
}

function bar(share: number, label: string): Html {
  return html`<progress max="100" value="${Math.round(share * 1000) / 10}" aria-label="${label}"></progress>`;
}

function item(data: ReportData, run: ReportRun): Html {
  const repeated = (data.experiments[run.experiments[0] ?? -1]?.runs.length ?? 0) > 1;
  const name = `${clip(data.experiments[run.experiments[0] ?? -1]?.title ?? run.runId, 60)}${repeated ? `, seed ${run.seed}` : ''}`;
  const last = run.epochs.at(-1);
  const so = last === undefined ? '' : ` · validation ${percent(last.validationAccuracy)}`;
  return html`<li class="status-${run.status}">${bar(shareOf(run), name)} <b>${written(name)}</b> <span>${progressText(run)}${so}</span></li>`;
}

const AT_WORK = new Set(['running', 'stopped']);

/**
 * How far the study has come: trainings by what they do, the time left if it is known, and each training that is being
 * worked on.
 */
export function liveMarkup(data: ReportData, timeLeft: string | null): Html {
  const all = trainings(data);
  const count = (status: ReportRun['status']): number => all.filter((run) => run.status === status).length;
  const done = all.filter((run) => !isUnderway(run)).length;
  const counts = [
    `${done} of ${plural(all.length, 'training')} finished`,
    ...(['running', 'stopped', 'waiting'] as const).flatMap((status) =>
      count(status) === 0 ? [] : [`${count(status)} ${status}`],
    ),
  ].join(', ');
  const left = done === all.length || timeLeft === null ? '' : ` · ${timeLeft}`;
  const named = all.filter(({ status }) => AT_WORK.has(status));
  const share = all.reduce((sum, run) => sum + shareOf(run), 0) / all.length;
  const rest = named.length - MAX_NAMED;
  return html`<p class="counts">${counts}${left}</p>${bar(share, 'Share of all epochs that is done')}${named.length === 0 ? null : html`<ul>${named.slice(0, MAX_NAMED).map((run) => item(data, run))}${rest > 0 ? html`<li>and ${rest} more</li>` : null}</ul>`}`;
}

/** The panel of a page that follows a study; the script says in it whether it is connected. */
export function livePanel(progress: Html | null, version: string): Html {
  return html`<aside id="live" aria-label="Progress of the study" data-version="${version}"><p class="connection" role="status">Connecting …</p>${progress}</aside>
`;
}
