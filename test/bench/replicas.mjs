// ResNet20's training steps on one replica per core, alternating with one core: the ratio of their images per second.
import { engineContestant } from './contestants.mjs';
import { measureRounds } from './rounds.mjs';

const NETWORK = 'resnet20';

function fail(_entry, error) {
  throw error;
}

/**
 * Rounds of one core and of all alternate, so that a slow minute of the machine affects both. Always wall time, because
 * waiting for each other is part of what replicas cost.
 */
export async function measureReplicas(batch, width, { processes: replicas, rounds, seconds }) {
  const contestants = [1, replicas].map((count) =>
    engineContestant({ network: NETWORK, batch, replicas: count }, 'wasm', width.environment),
  );
  const [one, all] = contestants.map((contestant) => ({ contestant, processes: 1, threads: 1 }));
  try {
    const { rates, peaks } = await measureRounds([one, all], 'train', { rounds, seconds, clock: 'wall' }, fail);
    const alone = rates.get(one),
      together = rates.get(all);
    return {
      width: width.name,
      batch,
      replicas,
      alone,
      together,
      ratios: together.map((rate, round) => rate / alone[round]),
      heapMib: [peaks.get(one).heapMib, peaks.get(all).heapMib],
    };
  } finally {
    for (const contestant of contestants) await contestant.stop();
  }
}
