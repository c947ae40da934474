import { execFileSync } from 'node:child_process';
import { repository } from './bakeoff.ts';

/** Runs once before these tests: they run the bundle, which must be built from the current sources. */
export function setup(): void {
  execFileSync(process.execPath, ['packages/cli/build.mjs'], { cwd: repository, stdio: 'inherit' });
}
