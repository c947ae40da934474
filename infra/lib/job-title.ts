import type { JobName } from '@bakeoff/core';

/** What a job is called in the console: its name with a capital. Constructs go by it, so that a change would replace them. */
export function jobTitle(job: JobName): string {
  return `${job[0]?.toUpperCase()}${job.slice(1)}`;
}
