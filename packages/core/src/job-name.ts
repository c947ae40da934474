import { type JobName, jobNames, jobs } from './stages.ts';

/** A job's name on AWS Batch: `train-<runId>` where it works on a run, else the stage's own. */
export function jobName(job: JobName, runId: string): string {
  return jobs[job].subject === 'run' ? `${job}-${runId}` : job;
}

/** What a job's name says; undefined where no stage goes by it. */
export function readJobName(name: string): { readonly job: JobName; readonly runId: string | null } | undefined {
  for (const job of jobNames) {
    if (jobs[job].subject !== 'run') {
      if (name === job) return { job, runId: null };
    } else if (name.startsWith(`${job}-`)) return { job, runId: name.slice(job.length + 1) };
  }
  return undefined;
}
