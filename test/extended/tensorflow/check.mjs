// The engine `tensorflow` on libtensorflow's CPU device: kernels against the oracle, PyTorch's traces, dispatches,
// training, resume and evaluation across engines, messages for missing parts, and speed compared with wasm and PyTorch.
// It proves everything about `tensorflow-gpu` except CUDA.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, run, skip, tail, vitest } from '../support/checks.mjs';
import { makeTfjsNode } from '../support/tfjs-node.mjs';
import { checkGpuBench } from '../support/gpu-bench.mjs';
import { checkMessages } from './messages.mjs';
import { checkOutOfMemory } from './out-of-memory.mjs';
import { checkRecordedSteps } from './recorded-steps.mjs';
import { measureSpeed } from './speed.mjs';
import { checkTraining } from './training.mjs';

/** Tests of the packages that also run on TensorFlow if its binding is available. */
const suites = [
  ['every kernel agrees with the oracle on libtensorflow', 'tensorflow-kernels', []],
  [
    "CIFARnet and ResNet20 follow PyTorch's traces in eager and recorded steps and with XLA, and ResNet20's gradient is PyTorch's in float64 to 1e-5",
    'model',
    ['src/network/pytorch-trace.test.ts', 'src/network/gradient.test.ts', '-t', 'tensorflow'],
  ],
  ['a training step submits as few operations to libtensorflow as stated', 'test', ['tensorflow/dispatches.test.ts']],
  [
    'recorded steps are one call each and do what eager ones do to the bit, with Adam, AdamW and SGD',
    'test',
    ['tensorflow/recorded-steps.test.ts'],
  ],
  [
    'recorded steps follow PyTorch with every option of a recipe, compiled by XLA too, and go on after an interruption',
    'trainer',
    ['src/recorded-step.test.ts'],
  ],
  [
    'a training interrupted on one engine continues on another: wasm to tensorflow and back',
    'trainer',
    ['src/resume.test.ts', '-t', 'tensorflow'],
  ],
  [
    'a training with every option of a recipe has the losses of wasm to 1e-6',
    'trainer',
    ['src/pytorch-recipes.test.ts', '-t', 'other engines'],
  ],
  [
    'evaluation on tensorflow gives the logits of cpu to 1e-4, and its classes except for ties',
    'evaluator',
    ['src/run/evaluate-run.test.ts', '-t', 'tensorflow'],
  ],
];

/** With several threads, the order of sums varies. */
const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

const nodeModules = findTensorflow();
if (nodeModules !== undefined) await check({ NODE_PATH: nodeModules, TF_CPP_MIN_LOG_LEVEL: '2' });

function findTensorflow() {
  if (process.arch !== 'x64' || process.platform !== 'linux')
    return skip('the engine tensorflow', 'PyPI’s libtensorflow is used only on x86-64 Linux');
  try {
    return makeTfjsNode();
  } catch (error) {
    return skip('the engine tensorflow', error.message);
  }
}

async function check(withTensorflow) {
  for (const [name, project, filter] of suites) {
    const result = vitest(project, filter, { ...withTensorflow, ...ONE_THREAD, NO_COLOR: '1' });
    const counts = /Tests\s+(.*)/.exec(result.stdout)?.[1] ?? '';
    report(name, result.passed && / passed/.test(counts), result.passed ? counts.trim() : tail(result));
  }
  checkRecordedSteps({ ...withTensorflow, ...ONE_THREAD });
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-tensorflow-'));
  try {
    // The checks below run the bundle, which has its own copy of TensorFlow.js's core.
    const bundle = run('npm', ['run', 'prepare']);
    if (!bundle.passed) return report('the bundle is built', false, tail(bundle));
    checkTraining(folder, withTensorflow);
    checkMessages(folder, nodeModules);
    checkOutOfMemory({ ...withTensorflow, ...ONE_THREAD });
    await measureSpeed(withTensorflow);
    checkGpuBench('on the CPU device', [], withTensorflow);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
