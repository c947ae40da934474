import { type JobName, jobNames, jobs } from './stages.ts';

/** A job's name on AWS Batch: `train-<runId>` if it works on a run, otherwise the stage's name. */
export function jobName(job: JobName, runId: string): string {
  return jobs[job].subject === 'run' ? `${job}-${runId}` : job;
}

/** The job and run that a job's name stands for; undefined if it is not the name of a job. */
export function readJobName(name: string): { readonly job: JobName; readonly runId: string | null } | undefined {
  for (const job of jobNames) {
    if (jobs[job].subject !== 'run') {
      if (name === job) return { job, runId: null };
    } else if (name.startsWith(`${job}-`)) return { job, runId: name.slice(job.length + 1) };
  }
  return undefined;
}
