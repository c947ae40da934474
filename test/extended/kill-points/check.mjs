// kill -9 at twenty seeded points of a training: mid-step, between steps, inside a checkpoint's write, while pruning.
import { report, tail, vitest } from '../support/checks.mjs';

const killed = vitest('trainer', ['kill'], { BAKEOFF_KILL_POINTS: '20' });
report(
  'a training killed at 20 points ends in the bytes of the uninterrupted one',
  killed.passed,
  killed.passed ? '' : tail(killed),
);
