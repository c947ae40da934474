// Simulates the coverage of intervals, and compares statistics with SciPy, statsmodels and scikit-learn: the committed
// golden values, and new random cases.
import { join } from 'node:path';
import { cache, pythonWith, report, run, skip, tail, vitest } from '../support/checks.mjs';

const REPETITIONS = '1000';
const covered = vitest('statistics', ['src/coverage'], { BAKEOFF_COVERAGE_REPETITIONS: REPETITIONS });
const told = covered.stdout.split('\n').filter((line) => line.includes(' seeds: coverage'));
report(
  `intervals of recipes cover the truth in at least 93 % of ${REPETITIONS} simulations per case, and are at most 1.3 normal intervals wide from 5 seeds and 1,000 images on`,
  covered.passed,
  covered.passed ? told.map((line) => line.trim()).join('; ') : tail(covered),
);

const python = pythonWith('statistics', ['numpy', 'scipy', 'statsmodels', 'scikit-learn']);
if (python === undefined) skip('statistics', 'no Python with SciPy, statsmodels and scikit-learn');
else {
  const reference = join(import.meta.dirname, 'reference.py');
  const committed = run(python, [reference, '--check']);
  report(
    'the committed golden statistics are those of the reference libraries',
    committed.passed,
    committed.passed ? '' : tail(committed),
  );
  const cases = join(cache, 'statistics.json');
  const drawn = run(python, [
    reference,
    '--cases',
    '300',
    '--seed',
    String(Math.floor(Date.now() / 86_400_000)),
    '--out',
    cases,
  ]);
  const agreed = drawn.passed ? vitest('statistics', ['src/golden'], { BAKEOFF_STATISTICS_GOLDEN: cases }) : drawn;
  report('300 new cases per function agree to 1e-9', agreed.passed, agreed.passed ? '' : tail(agreed));
}
