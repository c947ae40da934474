import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runVitest } from './run-vitest.mjs';
import { countsFile, describeCounts, NO_TESTS } from './test-counts.mjs';

/** What nx requires of a batch: one result per task. */
export async function testTasks(tasks) {
  const results = await testFolders(tasks.map(({ projectRoot }) => projectRoot));
  return Object.fromEntries(tasks.map(({ id }, i) => [id, results[i]]));
}

/** Runs the tests of several packages in one vitest process, and writes each package's counts to its output file. */
export async function testFolders(folders) {
  for (const folder of folders) rmSync(countsFile(folder), { force: true });
  const { complete, folders: ended } = await runVitest([
    '--passWithNoTests',
    // As vitest filters by a part of the path.
    ...folders.map((folder) => `${folder}/`),
  ]);
  return folders.map((folder) => {
    const { counts, ok } = ended[folder] ?? { counts: NO_TESTS, ok: true };
    mkdirSync(dirname(countsFile(folder)), { recursive: true });
    writeFileSync(countsFile(folder), JSON.stringify(counts));
    return { success: complete && ok, terminalOutput: `${describeCounts(counts)}\n` };
  });
}
