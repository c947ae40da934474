import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './run-vitest.mjs';

export const NO_TESTS = { passed: 0, failed: 0, skipped: 0 };

/**
 * The file in which a package's tests record how many passed, failed and were skipped. It is the output that nx caches.
 */
export function countsFile(folder) {
  return join(repository, 'out/test-counts', `${folder}.json`);
}

/** Undefined if the package's tests did not finish. */
export function readCounts(folder) {
  try {
    return JSON.parse(readFileSync(countsFile(folder), 'utf8'));
  } catch {
    return NO_TESTS;
  }
}

export function sumCounts(all) {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    NO_TESTS,
  );
}

export function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
