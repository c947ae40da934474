// The ways to train that `npm run bench:gpu` compares.
import { spawnSync } from 'node:child_process';
import { engineContestant, torchContestant } from './contestants.mjs';

/**
 * Each way: its title, and contestants of which the fastest counts; without `start`, it is not available. `home` is
 * where the engine's processes run.
 */
export function waysOf({ engine, home, torch, python }) {
  const ours = (title, steps) => ({
    title,
    ...(home && { start: (each) => [engineContestant(each, engine, {}, { steps, launch: home.launch })] }),
  });
  const theirs = (title, formats) => ({
    title,
    ...(torch && {
      start: (each) => formats.map((format) => torchContestant(python, each, format, { device: torch.device })),
    }),
  });
  return {
    eager: ours('eager steps', { eager: true }),
    recorded: ours('recorded steps', {}),
    xla: ours('XLA', { xla: true }),
    pytorch: theirs('PyTorch eager', ['contiguous', 'channels_last']),
    'pytorch-compiled': theirs('torch.compile, max-autotune', ['max-autotune']),
  };
}

/** PyTorch's version and the device that it trains on, or undefined if this Python lacks it. */
export function findTorch(python, usesGpu) {
  const answer = spawnSync(
    python,
    ['-c', 'import torch; print(torch.__version__, "cuda" if torch.cuda.is_available() else "cpu")'],
    { encoding: 'utf8' },
  );
  if (answer.status !== 0) return undefined;
  const [version, device] = answer.stdout.trim().split(' ');
  return { version, device: usesGpu ? device : 'cpu' };
}
