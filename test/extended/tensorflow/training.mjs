// Runs the same manifest through the bundled command line on both engines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, root, run, tail } from '../support/checks.mjs';

const ENGINES = ['wasm', 'tensorflow'];
/**
 * Tolerance of a mean over a training's epochs. Rounding grows into differences of this size within a hundred steps of
 * Adam, on any two engines.
 */
const LOSS_TOLERANCE = 0.03;
const ACCURACY_TOLERANCE = 0.06;

export function checkTraining(folder, env) {
  const records = {};
  for (const engine of ENGINES) {
    const out = join(folder, engine);
    const result = run(
      process.execPath,
      [
        join(root, 'packages/cli/bin/bakeoff.js'),
        'run',
        join(import.meta.dirname, 'training.yaml'),
        '--out',
        out,
        '--engine',
        engine,
      ],
      { env: { ...process.env, ...env } },
    );
    if (!result.passed)
      return report(`the bundled command line trains and evaluates on ${engine}`, false, tail(result));
    records[engine] = readRecords(out);
  }
  const measured = records.tensorflow.flatMap(({ engines }) => engines);
  report(
    'the bundled command line trains and evaluates on libtensorflow',
    measured.every((name) => name === 'tensorflow') && measured.length === records.tensorflow.length,
    `${measured.length} runs`,
  );
  for (const model of ['cifarnet', 'resnet']) compare(model, records);
}

function readRecords(out) {
  const files = run('find', [join(out, 'runs'), '-name', 'run.json'])
    .stdout.trim()
    .split('\n')
    .toSorted();
  return files.map((file) => {
    const { recipe, epochs } = readJson(file);
    const attempts = run('find', [join(file, '../measurements'), '-name', '*.json'])
      .stdout.trim()
      .split('\n');
    return {
      model: (recipe ?? readJson(join(file, '../config.json')).recipe).model.type,
      epochs,
      engines: attempts.map((each) => readJson(each).engine.name),
    };
  });
}

/** Compares figures run by run, and accuracies as the mean over seeds and epochs. */
function compare(model, records) {
  const [wasm, tensorflow] = ENGINES.map((engine) => records[engine].filter((each) => each.model === model));
  const losses = wasm.map(({ epochs }, run) =>
    mean(epochs.map(({ trainLoss }, i) => Math.abs(tensorflow[run].epochs[i].trainLoss / trainLoss - 1))),
  );
  const [before, after] = [wasm, tensorflow].map((runs) =>
    mean(runs.flatMap(({ epochs }) => epochs.map(({ validationAccuracy }) => validationAccuracy))),
  );
  const differences = losses.map((value) => `${(100 * value).toFixed(2)} %`).join(', ');
  const detail =
    `${wasm.length} seeds; training losses differ by ${differences}; ` +
    `validation accuracy ${(100 * after).toFixed(1)} vs. ${(100 * before).toFixed(1)} %`;
  report(
    `${model} trains on tensorflow to the statistics of wasm`,
    Math.max(...losses) <= LOSS_TOLERANCE && Math.abs(before - after) <= ACCURACY_TOLERANCE,
    detail,
  );
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
