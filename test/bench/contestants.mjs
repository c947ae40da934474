// The contestants: this engine and PyTorch, each as processes with one network at one batch size.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networks } from './cases.mjs';
import { WorkerProcess } from './worker-process.mjs';

const here = import.meta.dirname;
/** Node.js 20 has fused multiply-adds only with this flag; newer versions no longer have the flag. */
export const nodeFlags =
  spawnSync(process.execPath, ['--experimental-wasm-relaxed-simd', '-e', '']).status === 0
    ? ['--experimental-wasm-relaxed-simd']
    : [];

/** The ways in which PyTorch may lay out and run a network; the best of them counts. */
export const torchFormats = ['contiguous', 'channels_last', 'compiled'];

/** Processes that do the same work, started when they are first needed. */
export class Contestant {
  #workers = [];
  #start;

  constructor(name, start) {
    this.name = name;
    this.#start = start;
  }

  /** The answers of `processes` processes that work at the same time. */
  ask(request, processes = 1) {
    while (this.#workers.length < processes) this.#workers.push(this.#start());
    return Promise.all(this.#workers.slice(0, processes).map((worker) => worker.ask(request)));
  }

  async stop() {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }
}

const onThisNode = (args) => [process.execPath, [...nodeFlags, ...args]];

/**
 * @param {Record<string, string>} environment variables that the processes get beside this one's
 * @param how `steps`: how the engine runs steps, `{ eager, xla }`; `launch`: makes a command of Node's arguments
 */
export function engineContestant(
  { network, batch, replicas = 1 },
  engine = 'wasm',
  environment = {},
  { steps = {}, launch = onThisNode } = {},
) {
  const settings = JSON.stringify({ engine, model: networks[network].model, batch, replicas, ...steps });
  const [command, args] = launch([
    '--import',
    import.meta.resolve('tsx'),
    fileURLToPath(new URL('engine-worker.ts', import.meta.url)),
    settings,
  ]);
  return new Contestant(
    engine,
    () => new WorkerProcess(`engine ${engine}`, command, args, withEnvironment(environment)),
  );
}

export function torchContestant(python, { network, batch }, format, { device = 'cpu', environment = {} } = {}) {
  return new Contestant(
    format,
    () =>
      new WorkerProcess(
        `PyTorch, ${format}`,
        python,
        [join(here, 'torch_worker.py'), network, String(batch), format, device],
        withEnvironment(environment),
      ),
  );
}

const withEnvironment = (environment) => ({ env: { ...process.env, ...environment } });
