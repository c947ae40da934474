import type { Plan } from '@bakeoff/core';
import type { Measurements, ReportData } from '@bakeoff/report';
import { expectedTimes, NO_SPEEDS } from '../estimates/expected-time.ts';
import { type TaskProgress, timeLeft } from '../estimates/time-left.ts';
import { NOTHING_DONE } from '../plans/plan-state.ts';
import { timeLeftText } from '../progress/time-left-text.ts';
import { jobLimits } from '../tasks/job-limits.ts';
import { planTasks } from '../tasks/plan-tasks.ts';
import type { Task } from '../tasks/task.ts';

type Run = ReportData['runs'][number];

/**
 * Says how much time is left for a study, by the pace of its own trainings as their records tell it; null before the
 * first has a pace. As many tasks are taken to run at a time as do now.
 */
export function tellTimeLeft(plan: Plan): (data: ReportData, measurements: Measurements) => string | null {
  const tasks = planTasks(plan, NOTHING_DONE, { store: '', engine: 'auto', archives: {}, cacheFolder: '' });
  const expectedOf = expectedTimes(plan, NO_SPEEDS);
  return (data, measurements) => {
    const rows = new Map(
      data.runs.map((run, i) => [run.runId.split(':')[0]!, { run, measured: measurements.runs[i] }]),
    );
    const progress = tasks.map((task): TaskProgress => {
      const row = 'run' in task.work ? rows.get(task.work.run.runId) : undefined;
      return row === undefined ? ofStudy(task, data) : ofRun(task, row.run, row.measured?.wallSeconds ?? 0);
    });
    const running = progress.filter(({ status }) => status === 'running').length;
    const limits = jobLimits(undefined);
    const now = running === 0 ? limits : { jobs: running, cores: Infinity, memoryBytes: Infinity };
    return timeLeftText(timeLeft(progress, expectedOf, now));
  };
}

function ofRun(task: Task, run: Run, trainedSeconds: number): TaskProgress {
  const isTrained = run.stopReason !== null;
  if (task.work.stage !== 'train') return unmeasured(task, isTrained && run.status !== 'running');
  const share = run.epochs.length / Number(run.settings['maxEpochs']);
  const status = isTrained ? 'ended' : run.status === 'running' ? 'running' : 'waiting';
  return { task, status, measuredSeconds: trainedSeconds, measuredShare: share, shareLeft: isTrained ? 0 : 1 - share };
}

/** Data preparation has ended when a training has begun; what concludes a study, when it is compared. */
function ofStudy(task: Task, { runs, comparisonId }: ReportData): TaskProgress {
  return unmeasured(
    task,
    task.work.stage === 'data-prep' ? runs.some(({ status }) => status !== 'waiting') : comparisonId !== null,
  );
}

function unmeasured(task: Task, hasEnded: boolean): TaskProgress {
  return {
    task,
    status: hasEnded ? 'ended' : 'waiting',
    measuredSeconds: 0,
    measuredShare: 0,
    shareLeft: hasEnded ? 0 : 1,
  };
}
