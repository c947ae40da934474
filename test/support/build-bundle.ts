import { execFileSync } from 'node:child_process';
import { repository } from './bakeoff.ts';

/** Once before these tests: they run the bundle, which has to be made of the sources as they are. */
export function setup(): void {
  execFileSync(process.execPath, ['packages/cli/build.mjs'], { cwd: repository, stdio: 'inherit' });
}
