// A device that runs full while steps are eager, recorded or compiled: TensorFlow's allocator really finds no memory.
import { join } from 'node:path';
import { has, report, run, skip, tail } from '../support/checks.mjs';

export function checkOutOfMemory(env) {
  if (!has('prlimit')) return skip('a device that runs full', 'no prlimit (util-linux)');
  for (const way of ['eager', 'recorded', 'xla']) {
    const script = join(import.meta.dirname, 'out-of-memory.mts');
    const ran = run(process.execPath, ['--import', 'tsx', script, way], { env: { ...process.env, ...env } });
    const name = `a device that runs full in ${way === 'xla' ? 'compiled' : way} steps is one clear message`;
    // Whatever the exit code: after such an error, XLA for processors can break the end of the process.
    const said = ran.stdout.split('\n').find((line) => line.startsWith('{'));
    if (said === undefined) {
      report(name, false, tail(ran));
      continue;
    }
    const { what = '', received = '', fix = '', calls } = JSON.parse(said);
    const isClear =
      what.includes('the device has no memory for a step of this batch') &&
      /^batchSize: 256 \([^\n[{]*\b(OOM|[Oo]ut of memory)\b[^\n{]*\)$/.test(received) &&
      fix.includes('batchSize, 128');
    report(name, isClear && (way === 'eager') === calls > 1, `${what}; ${received}; ${calls} calls`);
  }
}
