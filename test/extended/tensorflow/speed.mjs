// Images per second of a training step on all cores: tensorflow, wasm and PyTorch take turns, each in its fastest
// configuration.
import { availableParallelism } from 'node:os';
import { engineContestant, torchContestant } from '../../bench/contestants.mjs';
import { measureRounds } from '../../bench/rounds.mjs';
import { figure, median } from '../../bench/table.mjs';
import { pythonWith, report, skip } from '../support/checks.mjs';

const CASES = [
  { network: 'cifarnet', batch: 32 },
  { network: 'resnet20', batch: 32 },
];
const SETTINGS = { rounds: 2, seconds: 1.5, clock: 'wall' };

export async function measureSpeed(env) {
  Object.assign(process.env, env);
  const cores = availableParallelism();
  const python = pythonWith('pytorch', ['torch', 'torchvision', 'numpy', 'pillow', 'ptflops==0.7.5', 'fvcore', 'thop']);
  if (python === undefined) skip('PyTorch next to the engines', 'no Python with torch');
  for (const each of CASES) {
    const entries = [
      { contestant: engineContestant(each, 'tensorflow'), processes: 1, threads: cores },
      { contestant: engineContestant(each, 'wasm'), processes: cores, threads: 1 },
      ...(python === undefined
        ? []
        : [{ contestant: torchContestant(python, each, 'channels_last'), processes: 1, threads: cores }]),
    ];
    try {
      const { rates } = await measureRounds(entries, 'train', SETTINGS, (entry, error) =>
        report(`${entry.contestant.name} trains ${each.network}`, false, error.message),
      );
      const figures = [...rates].map(
        ([{ contestant, processes, threads }, values]) =>
          `${contestant.name === 'channels_last' ? 'PyTorch' : contestant.name} ${figure(median(values))} (${processes} × ${threads} threads)`,
      );
      report(
        `images per second of ${each.network} at batch ${each.batch}, ${cores} cores, medians of ${SETTINGS.rounds} rounds in turns`,
        rates.size === entries.length,
        figures.join(', '),
      );
    } finally {
      await Promise.all(entries.map(({ contestant }) => contestant.stop()));
    }
  }
}
