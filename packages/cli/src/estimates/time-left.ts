import type { JobLimits } from '../tasks/job-limits.ts';
import type { Task } from '../tasks/task.ts';
import type { ExpectedTime } from './expected-time.ts';
import { secondsUntilDone } from './seconds-until-done.ts';

/** How far a task is. Whoever follows a study fills it in: from events, or from what stands in a store. */
export interface TaskProgress {
  readonly task: Task;
  readonly status: 'waiting' | 'running' | 'ended';
  /** Seconds that were measured, and the share of the task's work (0…1) that was done in them. */
  readonly measuredSeconds: number;
  readonly measuredShare: number;
  /** Share of its work that is still to do, 0…1: of a waiting training that resumes, less than 1. */
  readonly shareLeft: number;
}

/** A pace over less than this, or over less than this share, says little. */
const SHORTEST_PACE_SECONDS = 2;
const SMALLEST_PACE_SHARE = 0.002;

/** Measured seconds for a second that was expected; null: nothing was measured yet. */
type Pace = number | null;

export interface TimeLeft {
  readonly seconds: number;
  /** A training may stop early; every one is counted to its last epoch. */
  readonly isUpperBound: boolean;
}

/**
 * How long a study still takes: each task's own pace, the pace of tasks of the same network, the pace of all, or, as
 * long as nothing was measured, what was expected. Null while a task has none of these.
 */
export function timeLeft(
  progress: readonly TaskProgress[],
  expectedOf: (task: Task) => ExpectedTime,
  limits: JobLimits,
): TimeLeft | null {
  const paces = new Paces(progress, expectedOf);
  const open = progress
    .filter(({ status }) => status !== 'ended')
    .map((each) => ({
      task: each.task,
      isRunning: each.status === 'running',
      seconds: openSeconds(each, expectedOf(each.task), paces),
    }));
  if (!open.every((each): each is typeof each & { seconds: number } => each.seconds !== null)) return null;
  return { seconds: secondsUntilDone(open, limits), isUpperBound: open.some(({ task }) => mayStopEarly(task)) };
}

/** Whether a task may end before its last epoch. */
function mayStopEarly({ work }: Task): boolean {
  return work.stage === 'train' && work.run.recipe.earlyStopping !== null;
}

function openSeconds(progress: TaskProgress, expected: ExpectedTime, paces: Paces): number | null {
  const { measuredSeconds, measuredShare, shareLeft, status } = progress;
  const own = ownSeconds(progress);
  if (own !== null) return own * shareLeft;
  const pace = paces.of(expected);
  if (pace === null) return null;
  if (status === 'waiting') return expected.seconds * pace * shareLeft;
  return Math.max(0, expected.seconds * pace * (shareLeft + measuredShare) - measuredSeconds);
}

/** What the whole task takes at its own pace; null while the pace says little. */
function ownSeconds({ measuredSeconds, measuredShare }: TaskProgress): number | null {
  if (measuredSeconds < SHORTEST_PACE_SECONDS || measuredShare < SMALLEST_PACE_SHARE) return null;
  return measuredSeconds / measuredShare;
}

/** How tasks went, against what was expected of them. */
class Paces {
  /** By network; '' stands for all together, separately for tasks of known and of unknown speed. */
  private readonly sums = new Map<string, { measured: number; expected: number }>();

  constructor(progress: readonly TaskProgress[], expectedOf: (task: Task) => ExpectedTime) {
    for (const each of progress) {
      const expected = expectedOf(each.task);
      if (expected.network === null || ownSeconds(each) === null) continue;
      for (const key of [nameOf(expected), nameOf({ ...expected, network: '' })]) {
        const sum = this.sums.get(key) ?? { measured: 0, expected: 0 };
        this.sums.set(key, {
          measured: sum.measured + each.measuredSeconds,
          expected: sum.expected + expected.seconds * each.measuredShare,
        });
      }
    }
  }

  of(expected: ExpectedTime): Pace {
    if (expected.network === null) return 1;
    const sum = this.sums.get(nameOf(expected)) ?? this.sums.get(nameOf({ ...expected, network: '' }));
    if (sum !== undefined && sum.expected > 0) return sum.measured / sum.expected;
    return expected.isKnown ? 1 : null;
  }
}

function nameOf({ network, isKnown }: ExpectedTime): string {
  return `${isKnown} ${network}`;
}
