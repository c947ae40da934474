// Comparisons with PyTorch tools: the cost figures of ptflops, fvcore and thop, and torchvision's speed at the study's
// augmentation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, report, root, run, skip, tail } from '../support/checks.mjs';

const python = pythonWith('pytorch', ['torch', 'torchvision', 'numpy', 'pillow', 'ptflops==0.7.5', 'fvcore', 'thop']);
if (python === undefined) skip('PyTorch', 'no Python with torch and torchvision');
else {
  costs();
  const bench = run('npx', ['tsx', 'test/bench/data-prep/augmentation-speed.ts', python]);
  report(
    "one view of 45,000 images is at least 3 times as fast per core as torchvision's pipeline",
    bench.passed,
    tail(bench),
  );
}

function costs() {
  const counted = run(python, ['packages/model/src/testing/data/count_costs.py']);
  if (!counted.passed) return report('cost figures', false, tail(counted));
  const tests = readFileSync(join(root, 'packages/model/src/cost/describe-model.test.ts'), 'utf8').replaceAll(
    /(?<=\d)_(?=\d)/g,
    '',
  );
  const missing = Object.entries(JSON.parse(counted.stdout)).flatMap(([model, figures]) =>
    Object.entries(figures)
      .filter(([, value]) => !tests.includes(String(value)))
      .map(([convention, value]) => `${model} ${convention} ${value}`),
  );
  report(
    'the tested cost figures are those that ptflops, fvcore and thop count',
    missing.length === 0,
    missing.join(', '),
  );
}
