// ResNet20's training steps on two replicas beside one core, in turns: the ratio of their images a second.
//   usage: npm run bench:replicas -- [--rounds 15] [--seconds 2]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { nodeFlags } from './contestants.mjs';
import { figure, median, spread, textTable } from './table.mjs';
import { WorkerProcess } from './worker-process.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, seconds: { type: 'string', default: '2' } } });

if (availableParallelism() < 2) console.log('This machine has one core: nothing to compare.');
else {
  const rows = [];
  for (const batchSize of [32, 128]) rows.push(await compare(batchSize));
  console.log(textTable(['batch', 'one core, images/s', '2 replicas, images/s', 'ratio, median (range)', 'tensors, MiB'], rows));
}

/** A row of the table: rounds of one core and of two in turn, so that a slower minute of the machine meets both. */
async function compare(batchSize) {
  const workers = [1, 2].map((replicas) => new WorkerProcess(`${replicas} at batch ${batchSize}`, process.execPath, [...nodeFlags, '--import', 'tsx', `${import.meta.dirname}/replicas-worker.ts`, JSON.stringify({ replicas, batchSize })]));
  const [one, two] = [[], []];
  try {
    for (const worker of workers) await worker.ask({ seconds: 0 });
    for (let round = 0; round < Number(values.rounds); round++) {
      one.push(await workers[0].ask({ seconds: Number(values.seconds) }));
      two.push(await workers[1].ask({ seconds: Number(values.seconds) }));
    }
  } finally {
    for (const worker of workers) await worker.stop();
  }
  const [alone, together] = [one, two].map((rounds) => median(rounds.map(({ imagesPerSecond }) => imagesPerSecond)));
  const ratios = two.map(({ imagesPerSecond }, round) => imagesPerSecond / one[round].imagesPerSecond);
  const memory = [one, two].map((rounds) => figure(Math.max(...rounds.map(({ tensorsMib }) => tensorsMib)))).join(' and ');
  return [String(batchSize), figure(alone), figure(together), spread(ratios), memory];
}
