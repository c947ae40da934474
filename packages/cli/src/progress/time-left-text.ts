import type { TimeLeft } from '../estimates/time-left.ts';
import { formatDuration } from './format.ts';

/** The time left for a study, where it is known. */
export type TellTimeLeft = () => TimeLeft | null;

/** "about 1 h 05 min left", "at most about 1 h 05 min left"; null if it is not known, or almost nothing. */
export function timeLeftText(left: TimeLeft | null): string | null {
  if (left === null || left.seconds < 1) return null;
  return `${left.isUpperBound ? 'at most ' : ''}about ${formatDuration(left.seconds * 1000)} left`;
}
