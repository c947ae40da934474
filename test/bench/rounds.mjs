// The measurement itself: contestants take turns, round by round, so that other work on the machine affects all
// equally.
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './table.mjs';

/** Pause between two measurements, because OpenMP's threads spin for a while after their work. */
const PAUSE_MS = 300;

/**
 * Images per second of every entry `{ contestant, processes, threads }` in every round: `Map entry → number[]`. In
 * `wall` time, or in `cpu` time, as if the cores were not shared: CPU seconds divided by the threads that a process may
 * use. An entry that fails is left out and reported to `onFailure`.
 */
export async function measureRounds(entries, mode, { rounds, seconds, clock }, onFailure) {
  const rates = new Map(entries.map((entry) => [entry, []]));
  const peaks = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      if (!rates.has(entry)) continue;
      await sleep(PAUSE_MS);
      try {
        const answers = await entry.contestant.ask({ mode, threads: entry.threads, seconds }, entry.processes);
        rates
          .get(entry)
          .push(
            answers.reduce(
              (sum, { images, wallSeconds, cpuSeconds }) =>
                sum + images / (clock === 'cpu' ? cpuSeconds / entry.threads : wallSeconds),
              0,
            ),
          );
        if (round === 0) peaks.set(entry, { maxRssMib: answers[0].maxRssMib, heapMib: answers[0].heapMib });
      } catch (error) {
        rates.delete(entry);
        onFailure(entry, error);
      }
    }
  }
  return { rates, peaks };
}

/** The entry with the highest median, or undefined if there is none. */
export function fastest(rates, entries) {
  const present = entries.filter((entry) => rates.has(entry));
  return present.reduce(
    (best, entry) => (best === undefined || median(rates.get(entry)) > median(rates.get(best)) ? entry : best),
    undefined,
  );
}
