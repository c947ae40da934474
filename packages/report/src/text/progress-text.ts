import type { ReportRun, RunStatus } from '../data/report-data.ts';

type Followed = Pick<ReportRun, 'status' | 'epochs' | 'settings' | 'stopReason'>;

const UNDERWAY: ReadonlySet<RunStatus> = new Set(['running', 'stopped', 'waiting']);

/** Whether a run is to get a result yet, in a page that follows a study. */
export const isUnderway = ({ status }: Pick<ReportRun, 'status'>): boolean => UNDERWAY.has(status);

/** How far a run that is under way has come: "running, epoch 3 of 10". */
export function progressText({ status, epochs, settings, stopReason }: Followed): string {
  if (stopReason !== null) return 'trained, not evaluated yet';
  if (status === 'waiting') return 'waiting';
  const most = Number(settings['maxEpochs']);
  const epoch = Math.min(epochs.length + 1, most);
  return `${status === 'running' ? 'running, epoch' : 'stopped in epoch'} ${epoch} of ${most}`;
}

const WORDS = { running: 'running', stopped: 'stopped', waiting: 'waiting' } as const;

/** What the runs under way of an experiment do: of one run its epoch, of several how many. Null if there are none. */
export function progressOfRuns(runs: readonly Followed[]): string | null {
  const followed = runs.filter(isUnderway);
  const [only] = followed;
  if (only === undefined) return null;
  if (followed.length === 1) return progressText(only);
  const counts = Object.entries(WORDS).flatMap(([status, word]) => {
    const count = followed.filter((run) => run.status === status).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counts.join(', ');
}
