import { writeFileSync } from 'node:fs';

/**
 * A vitest reporter: writes how many tests of each project passed, failed and were skipped to the file that
 * BAKEOFF_TEST_COUNTS names.
 */
export default class CountTests {
  onTestRunEnd(modules, strayErrors, reason) {
    const projects = {};
    for (const module of modules) {
      const project = (projects[module.project.name] ??= { counts: { passed: 0, failed: 0, skipped: 0 }, ok: true });
      if (!module.ok()) project.ok = false;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        project.counts[state === 'passed' || state === 'failed' ? state : 'skipped']++;
      }
    }
    // An error outside of all tests may belong to any project.
    const complete = strayErrors.length === 0 && reason !== 'interrupted';
    writeFileSync(process.env.BAKEOFF_TEST_COUNTS, JSON.stringify({ complete, projects }));
  }
}
