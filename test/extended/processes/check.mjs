// What users see of whole processes: runs that are interrupted by signals, called again, repeated on S3 or with replicas.
import { report, tail, vitest } from '../support/checks.mjs';

const passed = vitest('test', ['processes/'], { BAKEOFF_EVERY_TEST: '1' });
report(
  'whole processes: interruptions, repetitions, replicas and S3',
  passed.passed,
  passed.passed ? '' : tail(passed),
);
