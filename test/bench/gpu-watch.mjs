// What nvidia-smi reports about the first GPU.
import { execFile, spawnSync } from 'node:child_process';

const EVERY_MS = 500;
const ARGS = [
  '--query-gpu=name,driver_version,memory.total,memory.used,utilization.gpu',
  '--format=csv,noheader,nounits',
];

function parse(text) {
  const [name, driver, ...figures] = text
    .trim()
    .split('\n')[0]
    .split(',')
    .map((part) => part.trim());
  const [memoryTotalMib, memoryUsedMib, percent] = figures.map(Number);
  return { name, driver, memoryTotalMib, memoryUsedMib, utilization: percent / 100 };
}

/** Name, driver and memory, or the problem. */
export function readGpu() {
  const answer = spawnSync('nvidia-smi', ARGS, { encoding: 'utf8', timeout: 60_000 });
  if (answer.error?.code === 'ENOENT') return { problem: 'nvidia-smi was not found, so no NVIDIA driver is installed' };
  if (answer.status !== 0 || answer.stdout.trim() === '')
    return { problem: `nvidia-smi says: ${(answer.stdout || answer.stderr).trim().split('\n')[0]}` };
  return parse(answer.stdout);
}

/** The peak memory and mean utilization of the GPU, by all processes, until it is stopped. */
export class GpuWatch {
  #readings = [];
  #timer = setInterval(
    () => execFile('nvidia-smi', ARGS, (error, stdout) => void (error === null && this.#readings.push(parse(stdout)))),
    EVERY_MS,
  );

  stop() {
    clearInterval(this.#timer);
    if (this.#readings.length === 0) return null;
    const used = this.#readings.map(({ memoryUsedMib }) => memoryUsedMib),
      use = this.#readings.map(({ utilization }) => utilization);
    return { memoryUsedMib: Math.max(...used), utilization: use.reduce((sum, value) => sum + value, 0) / use.length };
  }
}
