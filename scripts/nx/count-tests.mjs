import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * A vitest reporter: writes how many tests of each folder of tests passed, failed and were skipped to the file that
 * BAKEOFF_TEST_COUNTS names.
 */
export default class CountTests {
  onTestRunEnd(modules, strayErrors, reason) {
    const folders = {};
    for (const module of modules) {
      const folder = (folders[folderOf(module.moduleId)] ??= {
        counts: { passed: 0, failed: 0, skipped: 0 },
        ok: true,
      });
      if (!module.ok()) folder.ok = false;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        folder.counts[state === 'passed' || state === 'failed' ? state : 'skipped']++;
      }
    }
    // An error outside of all tests may belong to any folder.
    const complete = strayErrors.length === 0 && reason !== 'interrupted';
    writeFileSync(process.env.BAKEOFF_TEST_COUNTS, JSON.stringify({ complete, folders }));
  }
}

/** `packages/core`, `infra` or `test`. */
function folderOf(file) {
  const [first, second] = relative(process.cwd(), file).split('/');
  return first === 'packages' ? `${first}/${second}` : first;
}
