import type { JobName } from '@bakeoff/core';

/** A job's name in the console: capitalized. It is also the construct's id, so a change would replace resources. */
export function jobTitle(job: JobName): string {
  return `${job[0]?.toUpperCase()}${job.slice(1)}`;
}
