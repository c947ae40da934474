import { type JobName, jobNames, jobs } from './stages.ts';

/** A job's name on AWS Batch: `train-<runId>` if it works on a run, otherwise `plan-<executionId>`. */
export function jobName(job: JobName, id: string): string {
  return `${job}-${id}`;
}

/** The job and run that a job's name stands for; undefined if it is not the name of a job. */
export function readJobName(name: string): { readonly job: JobName; readonly runId: string | null } | undefined {
  for (const job of jobNames) {
    // Before, jobs of a whole execution were named by their stage alone.
    const ofRun = jobs[job].subject === 'run';
    if (name.startsWith(`${job}-`) || (name === job && !ofRun))
      return { job, runId: ofRun ? name.slice(job.length + 1) : null };
  }
  return undefined;
}
