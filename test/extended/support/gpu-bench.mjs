// A small selection of `npm run bench:gpu` on TensorFlow's CPU device.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, root, run, tail } from './checks.mjs';

const WAYS = ['eager', 'recorded', 'xla'];
const SIDE_BY_SIDE = [1, 2];

/** @param more options, such as the image that the engine's processes run in */
export function checkGpuBench(where, more, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-bench-gpu-'));
  const json = join(folder, 'figures.json');
  try {
    const options = ['--engine', 'tensorflow', '--networks', 'cifarnet', '--batches', '8', '--json', json, ...more];
    const parts = ['--side-by-side', SIDE_BY_SIDE.join(), '--ways', WAYS.join(), '--rounds', '1', '--seconds', '0.2'];
    const measured = run(process.execPath, [join(root, 'test/bench/gpu.mjs'), ...options, ...parts], {
      env: { ...process.env, ...env },
    });
    const name = `npm run bench:gpu prints one Markdown table, with eager, recorded and XLA steps ${where}`;
    if (!measured.passed) return report(name, false, tail(measured));
    const rows = measured.stdout.split('\n').filter((line) => line.startsWith('| CIFARnet |'));
    const figures = rows.flatMap((row) => row.split('|').slice(4, -1)).map((cell) => Number(cell.replaceAll(',', '')));
    const { ways } = JSON.parse(readFileSync(json, 'utf8')).cases[0];
    const complete =
      rows.length === SIDE_BY_SIDE.length &&
      figures.length === WAYS.length * SIDE_BY_SIDE.length &&
      figures.every((figure) => figure > 0) &&
      WAYS.every((way) => ways[way].every(({ imagesPerSecond }) => imagesPerSecond.length === 1));
    return report(name, complete, complete ? `images per second: ${figures.join(', ')}` : measured.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
