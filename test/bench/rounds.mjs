// The measuring itself: contestants in turn, round by round, so that what else the machine does hits all alike.
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './table.mjs';

/** Between two measurements; OpenMP's threads spin for a while after their work. */
const PAUSE_MS = 300;

/**
 * Images a second of every entry `{ contestant, processes, threads }` in every round: `Map entry → number[]`.
 * By `wall` time; or by `cpu` time, as if the cores were not shared: processor seconds over the threads that a process may use.
 * An entry that fails is left out, and `onFailure` told.
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

/** The entry of the highest median, undefined where there is none. */
export function fastest(rates, entries) {
  const present = entries.filter((entry) => rates.has(entry));
  return present.reduce(
    (best, entry) => (best === undefined || median(rates.get(entry)) > median(rates.get(best)) ? entry : best),
    undefined,
  );
}
