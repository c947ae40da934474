import { availableParallelism, freemem } from 'node:os';

export interface JobLimits {
  /** Tasks at a time. */
  readonly jobs: number;
  /** Cores the running tasks may keep busy together. */
  readonly cores: number;
  /** Memory the running tasks may take together. */
  readonly memoryBytes: number;
}

/** What a container engine has, which is less than this machine if the engine runs in a virtual machine. */
export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

/** Share of the free memory that jobs may use; the rest is for the page cache and other programs. */
const USABLE_MEMORY = 0.85;

/**
 * As many jobs as the cores can run, unless a number is given. How many of them run at the same time also depends on
 * memory.
 */
export function jobLimits(
  asked: number | undefined,
  machine: Machine = { cores: Infinity, memoryBytes: Infinity },
): JobLimits {
  // A container's limit may be less than what the machine has free.
  const constrained = process.constrainedMemory();
  const free = constrained > 0 ? Math.min(freemem(), constrained - process.memoryUsage().rss) : freemem();
  const cores = asked === undefined ? Math.min(availableParallelism(), machine.cores) : Infinity;
  return { jobs: asked ?? Infinity, cores, memoryBytes: Math.min(free, machine.memoryBytes) * USABLE_MEMORY };
}
