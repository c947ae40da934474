// Compares this engine with PyTorch on the same cores, in turns: images per second in training and inference, with one
// process of one thread and on all cores.
//   usage: npm run bench -- [--quick] [--cases resnet20,cifarnet-128] [--rounds 5] [--seconds 2] [--clock wall|cpu] [--python FILE]
//                           [--no-compile] [--json FILE] [--markdown]
// Prints tables, writes every figure as JSON, and with --markdown the tables into docs/performance.md. Exits with 1 if
// a limit is missed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonWith, root } from '../extended/support/checks.mjs';
import { casesOf } from './cases.mjs';
import { nodeFlags, torchFormats } from './contestants.mjs';
import { measureCase } from './measure-case.mjs';
import { describeMachine } from './machine.mjs';
import { checkLimits, putIntoDocs, reportTables } from './report.mjs';

const BATCH_SIZES = [32, 128];
const FULL = { rounds: 5, seconds: 2 };
const QUICK = { rounds: 2, seconds: 0.5 };

const options = {
  quick: { type: 'boolean', default: false },
  cases: { type: 'string', default: '' },
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

function chosenCases() {
  const all = casesOf(BATCH_SIZES),
    wanted = values.cases.split(',').filter((name) => name !== '');
  for (const name of wanted) {
    if (!all.some((each) => each.name === name || each.network === name))
      stop(`no case is named ${name}; there are: ${all.map((each) => each.name).join(', ')}`);
  }
  return wanted.length === 0 ? all : all.filter((each) => wanted.includes(each.name) || wanted.includes(each.network));
}

if (!['wall', 'cpu'].includes(values.clock)) stop(`--clock takes wall or cpu, not ${values.clock}`);
const standard = values.quick ? QUICK : FULL;
const settings = {
  rounds: positive('rounds', values.rounds, standard.rounds),
  seconds: positive('seconds', values.seconds, standard.seconds),
  clock: values.clock,
  processes: availableParallelism(),
};
const cases = chosenCases();
// The Python environment of the extended check `pytorch`, with the same packages, so that neither reinstalls the
// other's.
const python =
  values.python ??
  pythonWith('pytorch', ['torch', 'torchvision', 'numpy', 'pillow', 'ptflops==0.7.5', 'fvcore', 'thop']);
const machine = await describeMachine(python, {
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: settings.processes,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  nodeFlags,
});
console.log(machine.lines.join('\n'), '\n');
const formats =
  machine.facts.torch === null ? [] : torchFormats.filter((format) => format !== 'compiled' || !values['no-compile']);

const results = [];
for (const each of cases)
  results.push(await measureCase(each, { python, formats, ...settings }, (line) => console.log(line)));
const result = { date: new Date().toISOString(), settings, machine: machine.facts, cases: results };

const file = resolve(values.json);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
console.log(reportTables(result, 'text'));
if (values.markdown) putIntoDocs(join(root, 'docs/performance.md'), reportTables(result, 'markdown'));
console.log(`Every figure: ${file}${values.markdown ? '; tables in docs/performance.md' : ''}`);
for (const { name, passed, detail } of checkLimits(result)) {
  console.log(`${passed ? 'ok' : 'not ok'} ${name} (${detail})`);
  if (!passed) process.exitCode = 1;
}
