// The engine `tensorflow` on libtensorflow's CPU device: kernels against the oracle, PyTorch's traces, dispatches, training, resume and evaluation
// across engines, what is said where a part is missing, and speed beside wasm and PyTorch. What it proves of `tensorflow-gpu` is all but CUDA.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, run, skip, tail, vitest } from '../support/checks.mjs';
import { makeTfjsNode } from '../support/tfjs-node.mjs';
import { checkMessages } from './messages.mjs';
import { measureSpeed } from './speed.mjs';
import { checkTraining } from './training.mjs';

/** Tests of the packages that run on TensorFlow too where its binding is there. */
const suites = [
  ['every kernel agrees with the oracle on libtensorflow', 'tensorflow-kernels', []],
  [
    "CIFARnet and ResNet20 follow PyTorch's traces, and ResNet20's gradient is PyTorch's in float64 to 1e-5",
    'model',
    ['src/network/pytorch-trace.test.ts', 'src/network/gradient.test.ts', '-t', 'tensorflow'],
  ],
  ["a training step's operations on libtensorflow are as few as stated", 'test', ['tensorflow/dispatches.test.ts']],
  [
    'a training interrupted on one engine goes on on another: wasm to tensorflow and back',
    'trainer',
    ['src/resume.test.ts', '-t', 'tensorflow'],
  ],
  [
    'evaluation on tensorflow gives the logits of cpu to 1e-4, and its classes but for ties',
    'evaluator',
    ['src/run/evaluate-run.test.ts', '-t', 'tensorflow'],
  ],
];

const nodeModules = findTensorflow();
if (nodeModules !== undefined) await check({ NODE_PATH: nodeModules, TF_CPP_MIN_LOG_LEVEL: '2' });

function findTensorflow() {
  if (process.arch !== 'x64' || process.platform !== 'linux')
    return skip('the engine tensorflow', 'PyPI’s libtensorflow is taken for x86-64 Linux');
  try {
    return makeTfjsNode();
  } catch (error) {
    return skip('the engine tensorflow', error.message);
  }
}

async function check(withTensorflow) {
  for (const [name, project, filter] of suites) {
    const result = vitest(project, filter, { ...withTensorflow, NO_COLOR: '1' });
    const counts = /Tests\s+(.*)/.exec(result.stdout)?.[1] ?? '';
    report(name, result.passed && / passed/.test(counts), result.passed ? counts.trim() : tail(result));
  }
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-tensorflow-'));
  try {
    // What follows runs the bundle, which has its own copy of TensorFlow.js's core.
    const bundle = run('npm', ['run', 'prepare']);
    if (!bundle.passed) return report('the bundle is made', false, tail(bundle));
    checkTraining(folder, withTensorflow);
    checkMessages(folder, nodeModules);
    await measureSpeed(withTensorflow);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
