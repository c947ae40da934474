// Images per second of training steps on one NVIDIA GPU, as one Markdown table: operation by operation, as one recorded
// call, compiled by XLA, and by PyTorch, eager and compiled, where it is; several runs side by side.
//   usage: npm run bench:gpu -- [--engine tensorflow-gpu] [--image bakeoff-gpu] [--networks cifarnet,resnet20,resnet110]
//          [--batches 32,128,512] [--side-by-side 1,2,4] [--ways eager,recorded,xla,pytorch,pytorch-compiled]
//          [--rounds 3] [--seconds 2] [--python FILE] [--json FILE]
// The engine runs in the image if Docker has it, otherwise where its package is installed (docs/gpu.md). Exits with 2 if
// there is no GPU. `--engine tensorflow` measures TensorFlow on the CPU, where there is none. Progress is on standard
// error; every figure is written as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { casesOf, networks } from './cases.mjs';
import { readGpu } from './gpu-watch.mjs';
import { gpuTable } from './gpu-table.mjs';
import { findTorch, waysOf } from './gpu-ways.mjs';
import { chooseHome } from './gpu-home.mjs';
import { measureWay } from './measure-way.mjs';

const ENGINES = ['tensorflow-gpu', 'tensorflow'];

function readOptions() {
  try {
    return parseArgs({
      options: {
        engine: { type: 'string', default: ENGINES[0] },
        image: { type: 'string' },
        networks: { type: 'string', default: Object.keys(networks).join() },
        batches: { type: 'string', default: '32,128,512' },
        'side-by-side': { type: 'string', default: '1,2,4' },
        ways: { type: 'string', default: Object.keys(waysOf({})).join() },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '2' },
        python: { type: 'string', default: 'python3' },
        json: { type: 'string', default: join(import.meta.dirname, 'dist/bench-gpu.json') },
      },
    }).values;
  } catch (error) {
    return stop(error.message);
  }
}

function stop(message) {
  console.error(message);
  process.exit(2);
}

const tell = (line) => console.error(line);

function positive(name, text) {
  if (!(Number(text) > 0)) stop(`--${name} takes positive numbers, not ${text}`);
  return Number(text);
}

function listed(name, allowed) {
  const entries = values[name].split(',');
  for (const entry of entries)
    if (!allowed.includes(entry)) stop(`--${name}: there is no ${entry}; there are: ${allowed.join(', ')}`);
  return entries;
}

const numbers = (name) => values[name].split(',').map((text) => positive(name, text));

const values = readOptions();
if (!ENGINES.includes(values.engine)) stop(`--engine takes ${ENGINES.join(' or ')}, not ${values.engine}`);
const settings = { rounds: positive('rounds', values.rounds), seconds: positive('seconds', values.seconds) };
const wanted = listed('networks', Object.keys(networks));
const cases = casesOf(numbers('batches')).filter(({ network }) => wanted.includes(network));
const sideBySide = numbers('side-by-side').toSorted((a, b) => a - b);
const wantedWays = listed('ways', Object.keys(waysOf({})));

const usesGpu = values.engine === 'tensorflow-gpu';
const gpu = usesGpu ? readGpu() : null;
if (gpu?.problem !== undefined)
  stop(`no GPU to measure: ${gpu.problem}\n--engine tensorflow measures TensorFlow on the CPU`);
// Equal arithmetic for all: float32 products are not rounded to TF32.
Object.assign(process.env, {
  NVIDIA_TF32_OVERRIDE: '0',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  TF_CPP_MIN_LOG_LEVEL: '2',
  CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
});
const torch = wantedWays.some((way) => way.startsWith('pytorch')) ? findTorch(values.python, usesGpu) : undefined;
const { home, error } = chooseHome(values.engine, values.image);
if (error !== undefined) stop(error);
const ways = Object.entries(waysOf({ engine: values.engine, home, torch, python: values.python })).filter(
  ([name, way]) => wantedWays.includes(name) && way.start !== undefined,
);
const machine = {
  gpu,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  image: home.image ?? null,
  torch: torch ?? null,
};
const results = [];
let engine = null;
try {
  for (const each of cases) {
    const result = { ...each, title: networks[each.network].title, ways: {} };
    results.push(result);
    for (const [name, way] of ways) {
      const measured = await measureWay(way, each, sideBySide, settings, { usesGpu, tell });
      result.ways[name] = measured.runs;
      engine ??= measured.about;
    }
  }
} finally {
  home.close();
}
const file = resolve(values.json);
mkdirSync(dirname(file), { recursive: true });
const all = { date: new Date().toISOString(), settings, machine: { ...machine, engine }, sideBySide, cases: results };
writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
console.log(gpuTable(all, ways));
tell(`Every figure: ${file}`);
