import { availableParallelism } from 'node:os';
import { GpuWatch } from './gpu-watch.mjs';
import { measureRounds } from './rounds.mjs';
import { figure, median } from './table.mjs';

const MODE = 'train';

/**
 * Training steps of one case in one way, for each number of runs side by side: `about`, which is what the first process
 * says of itself, and `runs`, one per number: images per second of all runs together in each round, or the reason why
 * there are none. One way at a time is measured, because processes that wait would keep the GPU's memory.
 */
export async function measureWay({ title, start }, each, sideBySide, settings, { usesGpu, tell }) {
  const contestants = start(each);
  const cores = availableParallelism();
  let about = null;
  const runs = [];
  try {
    for (const processes of sideBySide) {
      const entries = contestants.map((contestant) => ({
        contestant,
        processes,
        threads: Math.max(1, Math.floor(cores / processes)),
      }));
      let failure = null;
      // Every process has compiled its step before the first is measured.
      for (const entry of entries) failure = (await failureOf(warmUp(entry))) ?? failure;
      about ??= failure === null ? await contestants[0].ask({ about: true }).then(([answer]) => answer) : null;
      const watch = usesGpu ? new GpuWatch() : undefined;
      const { rates } = await measureRounds(entries, MODE, { ...settings, clock: 'wall' }, (_, error) => {
        failure = error;
      });
      const best = [...rates.values()].toSorted((a, b) => median(b) - median(a))[0];
      const result = { processes, imagesPerSecond: best ?? null, gpu: watch?.stop() ?? null };
      if (best === undefined) result.failure = reasonOf(failure);
      runs.push(result);
      tell(`${each.name}, ${title}, ${processes} side by side: ${best ? figure(median(best)) : result.failure}`);
      // More of what failed would fail, too.
      if (best === undefined) break;
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
  }
  return { about, runs };
}

const warmUp = ({ contestant, processes, threads }) =>
  contestant.ask({ mode: MODE, threads, seconds: 0.01 }, processes);

const failureOf = (promise) =>
  promise.then(
    () => null,
    (error) => error,
  );

/** The line of a process's last words that tells most. */
function reasonOf(error) {
  const lines = error.message.split('\n').map((line) => line.trim());
  return lines.find((line) => /out of memory|OOM|RESOURCE_EXHAUSTED/i.test(line)) === undefined
    ? (lines.find((line) => /UserError|Error:/.test(line)) ?? lines[0])
    : 'no memory left';
}
