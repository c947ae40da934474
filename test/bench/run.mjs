// Compares this engine with PyTorch on the same cores, in turns: images per second in training and inference, with one
// process of one thread and on all cores; then one run on one replica per core with one core. On a processor with
// AVX-512 everything is measured at full width and with both sides held to AVX2.
//   usage: npm run bench -- [--quick] [--cases resnet20,cifarnet-128,replicas] [--widths avx512,avx2] [--rounds 5]
//                           [--seconds 2] [--clock wall|cpu] [--python FILE] [--no-compile] [--json FILE] [--markdown]
// Prints tables, writes every figure as JSON, and with --markdown the tables into docs/performance.md. Exits with 1 if
// a limit is missed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonWith, root } from '../extended/support/checks.mjs';
import { casesOf, networks } from './cases.mjs';
import { nodeFlags, torchFormats } from './contestants.mjs';
import { measureCase } from './measure-case.mjs';
import { describeMachine } from './machine.mjs';
import { checkLimits } from './limits.mjs';
import { measureReplicas } from './replicas.mjs';
import { putIntoDocs, reportTables } from './report.mjs';
import { machineClass, widthsOf } from './vector-widths.mjs';

const BATCH_SIZES = [32, 128];
/** The case that compares one replica per core with one core. */
const REPLICAS = 'replicas';
const FULL = { rounds: 5, seconds: 2 };
const QUICK = { rounds: 2, seconds: 0.5 };

const options = {
  quick: { type: 'boolean', default: false },
  cases: { type: 'string', default: '' },
  widths: { type: 'string', default: '' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  clock: { type: 'string', default: 'wall' },
  python: { type: 'string' },
  'no-compile': { type: 'boolean', default: false },
  json: { type: 'string', default: join(import.meta.dirname, 'dist/bench.json') },
  markdown: { type: 'boolean', default: false },
};
const values = readOptions();

function readOptions() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return stop(error.message);
  }
}

function stop(message) {
  console.error(message);
  process.exit(2);
}

function positive(name, text, standard) {
  if (text === undefined) return standard;
  if (!(Number(text) > 0)) stop(`--${name} takes a positive number, not ${text}`);
  return Number(text);
}

/** The entries of a comma-separated list, all of which must be allowed; none means all. */
function listed(option, kind, allowed) {
  const wanted = values[option].split(',').filter((name) => name !== '');
  for (const name of wanted)
    if (!allowed.includes(name)) stop(`no ${kind} is named ${name}; there are: ${allowed.join(', ')}`);
  return wanted.length === 0 ? allowed : wanted;
}

if (!['wall', 'cpu'].includes(values.clock)) stop(`--clock takes wall or cpu, not ${values.clock}`);
const standard = values.quick ? QUICK : FULL;
const settings = {
  rounds: positive('rounds', values.rounds, standard.rounds),
  seconds: positive('seconds', values.seconds, standard.seconds),
  clock: values.clock,
  processes: availableParallelism(),
};
const all = casesOf(BATCH_SIZES);
const wanted = listed('cases', 'case', [...Object.keys(networks), ...all.map(({ name }) => name), REPLICAS]);
const cases = all.filter(({ name, network }) => wanted.includes(name) || wanted.includes(network));
const processorClass = machineClass();
const classWidths = widthsOf[processorClass];
const wantedWidths = listed(
  'widths',
  `vector width of this ${processorClass} processor`,
  classWidths.map(({ name }) => name),
);
const widths = classWidths.filter(({ name }) => wantedWidths.includes(name));
// The Python environment of the extended check `pytorch`, with the same packages, so that neither reinstalls the
// other's.
const python =
  values.python ??
  pythonWith('pytorch', ['torch', 'torchvision', 'numpy', 'pillow', 'ptflops==0.7.5', 'fvcore', 'thop']);
const machine = await describeMachine(
  python,
  {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    class: processorClass,
    cores: settings.processes,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    nodeFlags,
  },
  widths,
);
console.log(machine.lines.join('\n'), '\n');
const formats = machine.facts.widths.some(({ torch }) => torch === null)
  ? []
  : torchFormats.filter((format) => format !== 'compiled' || !values['no-compile']);

const measured = { cases: [], replicas: [] };
for (const width of widths) {
  for (const each of cases)
    measured.cases.push(await measureCase(each, width, { python, formats, ...settings }, (line) => console.log(line)));
  if (wanted.includes(REPLICAS) && settings.processes > 1)
    for (const batch of BATCH_SIZES) measured.replicas.push(await measureReplicas(batch, width, settings));
}
const result = { date: new Date().toISOString(), settings, machine: machine.facts, ...measured };

const file = resolve(values.json);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
console.log(reportTables(result, 'text'));
if (values.markdown) putIntoDocs(join(root, 'docs/performance.md'), result, reportTables(result, 'markdown'));
console.log(`Every figure: ${file}${values.markdown ? '; tables in docs/performance.md' : ''}`);
for (const { name, passed, detail } of checkLimits(result)) {
  console.log(`${passed ? 'ok' : 'not ok'} ${name} (${detail})`);
  if (!passed) process.exitCode = 1;
}
