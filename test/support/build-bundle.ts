import { execFileSync } from 'node:child_process';
import { repository } from './bakeoff.ts';

/** Runs once before these tests: they run the bundle and the page's script, which must be built from the current sources. */
export function setup(): void {
  for (const name of ['report', 'cli'])
    execFileSync(process.execPath, [`packages/${name}/build.mjs`], { cwd: repository, stdio: 'inherit' });
}
