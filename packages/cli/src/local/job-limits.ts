import { availableParallelism, freemem } from 'node:os';

export interface JobLimits {
  readonly jobs: number;
  readonly memoryBytes: number;
}

/** Part of the free memory that jobs may plan with; the rest is the page cache's and everybody else's. */
const USABLE_MEMORY = 0.85;

/** One job a core unless asked otherwise; how many of them really run together is also a matter of memory. */
export function jobLimits(asked: number | undefined): JobLimits {
  // A container's limit is less than what the machine has free.
  const constrained = process.constrainedMemory();
  const free = constrained > 0 ? Math.min(freemem(), constrained - process.memoryUsage().rss) : freemem();
  return { jobs: asked ?? availableParallelism(), memoryBytes: free * USABLE_MEMORY };
}
