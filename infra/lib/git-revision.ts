import { execFileSync } from 'node:child_process';
import { UserError } from '@bakeoff/core';

/**
 * The commit that a folder's images are built from, which is also their tag.
 * @throws UserError if the folder is not in a git repository
 */
export function gitRevision(folder: string): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    throw new UserError(
      {
        what: 'the images’ tag is the commit, and this is not a git repository',
        received: folder,
        fix: 'deploy from a clone, or name the tag of images that you pushed: --set imageTag=TAG',
      },
      { cause: error },
    );
  }
}
