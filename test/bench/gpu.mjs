// A GPU's images per second in training and inference, compared with this machine's CPU and with PyTorch on the same
// GPU, in one command for machines with an NVIDIA GPU.
//   usage: npm run bench:gpu -- [--engine tensorflow-gpu] [--networks cifarnet,resnet20] [--batches 32,128,512] [--rounds 3] [--seconds 2]
//                               [--python FILE] [--json FILE]
// Needs what docs/gpu.md says of the engine. Exits with 2 if there is no GPU. `--engine tensorflow` measures TensorFlow
// on the CPU, for machines without a GPU, and builds its package at the first call if it is not installed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeTfjsNode } from '../extended/support/tfjs-node.mjs';
import { casesOf, modes, modeTitles, networks } from './cases.mjs';
import { engineContestant, torchContestant } from './contestants.mjs';
import { GpuWatch, readGpu } from './gpu-watch.mjs';
import { measureRounds } from './rounds.mjs';
import { figure, median, textTable } from './table.mjs';

const ENGINES = { 'tensorflow-gpu': 'tfjs-node-gpu', tensorflow: 'tfjs-node' };

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'tensorflow-gpu' },
    networks: { type: 'string', default: Object.keys(networks).join() },
    batches: { type: 'string', default: '32,128,512' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string', default: join(import.meta.dirname, 'dist/bench-gpu.json') },
  },
});

function stop(message) {
  console.error(message);
  process.exit(2);
}

function positive(name, text) {
  if (!(Number(text) > 0)) stop(`--${name} takes a positive number, not ${text}`);
  return Number(text);
}

/** Looks for the GPU before doing anything else. */
function requireGpu() {
  const gpu = readGpu();
  if ('problem' in gpu) stop(`no GPU to measure: ${gpu.problem}\n--engine tensorflow measures TensorFlow on the CPU`);
  return gpu;
}

/** If the package for CPUs is not installed, it is built into a cache, and NODE_PATH is set to it. */
function findPackage(name) {
  try {
    createRequire(import.meta.url).resolve(`@tensorflow/${name}`);
  } catch {
    if (name !== ENGINES.tensorflow) stop(`@tensorflow/${name} is not installed: docs/gpu.md says how to`);
    console.log(`@tensorflow/${name} is not installed here: using the cached build, which the first call makes`);
    try {
      process.env.NODE_PATH = makeTfjsNode();
    } catch (error) {
      stop(`@tensorflow/${name} is not available: ${error.message}`);
    }
  }
}

/** PyTorch's version and device, or why it is left out. */
function findTorch() {
  const answer = spawnSync(
    values.python,
    ['-c', 'import torch; print(torch.__version__, "cuda" if torch.cuda.is_available() else "cpu")'],
    { encoding: 'utf8' },
  );
  if (answer.status !== 0) return undefined;
  const [version, device] = answer.stdout.trim().split(' ');
  return { version, device };
}

if (!Object.hasOwn(ENGINES, values.engine))
  stop(`--engine takes ${Object.keys(ENGINES).join(' or ')}, not ${values.engine}`);
for (const name of values.networks.split(','))
  if (!Object.hasOwn(networks, name))
    stop(`no network is named ${name}; there are: ${Object.keys(networks).join(', ')}`);
const settings = {
  rounds: positive('rounds', values.rounds),
  seconds: positive('seconds', values.seconds),
  clock: 'wall',
};
const cases = casesOf(values.batches.split(',').map((text) => positive('batches', text))).filter(({ network }) =>
  values.networks.split(',').includes(network),
);
const gpu = values.engine === 'tensorflow-gpu' ? requireGpu() : undefined;
findPackage(ENGINES[values.engine]);
Object.assign(process.env, {
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  TF_CPP_MIN_LOG_LEVEL: '2',
  CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
});
const torch = findTorch();
const cores = availableParallelism();

const about = await describeEngine();
const machine = {
  gpu: gpu ?? null,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores,
  node: process.version,
  engine: about,
  torch: torch ?? null,
};
console.log(gpu === undefined ? 'No GPU requested' : `${gpu.name}, driver ${gpu.driver}, ${gpu.memoryTotalMib} MiB`);
console.log(`${machine.processor}, ${cores} cores; Node.js ${machine.node}`);
console.log(
  `Bakeoff: engine ${about.engine} (${about.build}); ` +
    `${torch === undefined ? `no PyTorch for ${values.python}` : `PyTorch ${torch.version} on ${torch.device}`}\n`,
);

const results = [];
for (const each of cases) results.push(await measure(each));
const file = resolve(values.json);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(
  file,
  `${JSON.stringify({ date: new Date().toISOString(), settings, machine, cases: results }, null, 2)}\n`,
);
const header = [
  'images/s (median)',
  'batch',
  values.engine,
  `wasm, ${cores} processes`,
  'PyTorch',
  'GPU memory, MiB',
  'GPU use',
];
console.log(`\n${textTable(header, results.flatMap(tableRows))}\n\nEvery figure: ${file}`);

async function describeEngine() {
  const contestant = engineContestant(cases[0], values.engine);
  try {
    return (await contestant.ask({ about: true }))[0];
  } catch (error) {
    return stop(
      error.message
        .split('\n')
        .filter((line) => /UserError|received:|allowed:|change:/.test(line))
        .join('\n') || error.message,
    );
  } finally {
    await contestant.stop();
  }
}

async function measure(each) {
  const entries = {
    engine: { contestant: engineContestant(each, values.engine), processes: 1, threads: cores },
    wasm: { contestant: engineContestant(each, 'wasm'), processes: cores, threads: 1 },
    ...(torch === undefined
      ? {}
      : {
          torch: {
            contestant: torchContestant(values.python, each, 'channels_last', { device: torch.device }),
            processes: 1,
            threads: cores,
          },
        }),
  };
  const result = { name: each.name, title: networks[each.network].title, batch: each.batch, modes: {} };
  try {
    for (const mode of modes) {
      const watch = gpu === undefined ? undefined : new GpuWatch();
      const { rates } = await measureRounds(Object.values(entries), mode, settings, ({ contestant }, error) =>
        console.log(
          `  ${each.name} ${mode}: ${contestant.name} fails: ${error.message.split('\n').find((line) => /memory|Error/.test(line)) ?? error.message}`,
        ),
      );
      result.modes[mode] = {
        imagesPerSecond: Object.fromEntries(
          Object.entries(entries).map(([name, entry]) => [name, rates.get(entry) ?? null]),
        ),
        gpu: watch?.stop() ?? null,
      };
      console.log(
        `${each.name} ${mode}: ${Object.entries(result.modes[mode].imagesPerSecond)
          .map(([name, list]) => `${name} ${list === null ? '–' : figure(median(list))}`)
          .join(', ')}`,
      );
    }
    return result;
  } finally {
    await Promise.all(Object.values(entries).map(({ contestant }) => contestant.stop()));
  }
}

function tableRows({ title, batch, modes: measured }) {
  return Object.entries(measured).map(([mode, { imagesPerSecond, gpu: use }]) => {
    const rate = (name) => (imagesPerSecond[name] ? figure(median(imagesPerSecond[name])) : '–');
    return [
      `${title}, ${modeTitles[mode].toLowerCase()}`,
      String(batch),
      rate('engine'),
      rate('wasm'),
      rate('torch'),
      use === null ? '–' : figure(use.memoryUsedMib),
      use === null ? '–' : `${figure(100 * use.utilization)} %`,
    ];
  });
}
