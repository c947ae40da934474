// ResNet20's training steps on two replicas, alternating with one core: the ratio of their images per second.
//   usage: npm run bench:replicas -- [--rounds 15] [--seconds 2]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { engineContestant } from './contestants.mjs';
import { figure, median, spread, textTable } from './table.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, seconds: { type: 'string', default: '2' } },
});

if (availableParallelism() < 2) console.log('This machine has one core: nothing to compare.');
else {
  const rows = [];
  for (const batchSize of [32, 128]) rows.push(await compare(batchSize));
  console.log(
    textTable(['batch', 'one core, images/s', '2 replicas, images/s', 'ratio, median (range)', 'tensors, MiB'], rows),
  );
}

function rate({ images, wallSeconds }) {
  return images / wallSeconds;
}

/** A row of the table. Rounds of one core and of two alternate, so that a slow minute of the machine affects both. */
async function compare(batchSize) {
  const contestants = [1, 2].map((replicas) => engineContestant({ network: 'resnet20', batch: batchSize, replicas }));
  const request = { mode: 'train', seconds: Number(values.seconds) };
  const [one, two] = [[], []];
  try {
    for (let round = 0; round < Number(values.rounds); round++) {
      one.push(...(await contestants[0].ask(request)));
      two.push(...(await contestants[1].ask(request)));
    }
  } finally {
    for (const contestant of contestants) await contestant.stop();
  }
  const [alone, together] = [one, two].map((rounds) => median(rounds.map(rate)));
  const ratios = two.map((answer, round) => rate(answer) / rate(one[round]));
  const memory = [one, two].map((rounds) => figure(Math.max(...rounds.map(({ heapMib }) => heapMib)))).join(' and ');
  return [String(batchSize), figure(alone), figure(together), spread(ratios), memory];
}
