import type { Machine } from '../tasks/job-limits.ts';
import type { LaunchTask } from '../tasks/task.ts';

/** Where tasks run other than in child processes. */
export interface Workplace {
  readonly launch: LaunchTask;
  readonly machine: Machine;
  /** Trainings and evaluations share GPUs. */
  readonly usesGpu: boolean;
}
