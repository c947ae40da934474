import { availableParallelism, freemem } from 'node:os';

export interface JobLimits {
  /** Tasks at a time. */
  readonly jobs: number;
  /** Cores the running tasks may keep busy together. */
  readonly cores: number;
  /** Memory the running tasks may take together. */
  readonly memoryBytes: number;
}

/** What a container engine has; less than this machine where it lives in a virtual machine of its own. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

/** Part of the free memory that jobs may plan with; the rest is the page cache's and everybody else's. */
const USABLE_MEMORY = 0.85;

/** As many jobs as the cores have work for, unless asked otherwise; how many of them really run together is also a matter of memory. */
export function jobLimits(
  asked: number | undefined,
  machine: Machine = { cores: Infinity, memoryBytes: Infinity },
): JobLimits {
  // A container's limit is less than what the machine has free.
  const constrained = process.constrainedMemory();
  const free = constrained > 0 ? Math.min(freemem(), constrained - process.memoryUsage().rss) : freemem();
  const cores = asked === undefined ? Math.min(availableParallelism(), machine.cores) : Infinity;
  return { jobs: asked ?? Infinity, cores, memoryBytes: Math.min(free, machine.memoryBytes) * USABLE_MEMORY };
}
