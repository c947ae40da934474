// What `npm test` has no time for: what users see of whole processes (runs that are interrupted by signals, called again,
// repeated on S3 or with replicas), and what a report looks like.
import { report, tail, vitest } from '../support/checks.mjs';

for (const [name, folder] of [
  ['whole processes: interruptions, repetitions, replicas and S3', 'processes/'],
  ['pictures: the golden ones, first screens, and every text inside its chart', 'pictures/'],
]) {
  const { passed, ...output } = vitest('test', [folder], { BAKEOFF_EVERY_TEST: '1' });
  report(name, passed, passed ? '' : tail(output));
}
