import { readFileSync } from 'node:fs';

/**
 * What `bakeoff completion SHELL` prints, as the build has written it: a shell asks for it each time that it starts, and
 * the program takes longer to load. Undefined for other calls, and for those with a mistake.
 */
export function builtCompletion([command, shell, ...others]) {
  if (command !== 'completion' || !/^[a-z]+$/.test(shell ?? '') || others.length > 0) return undefined;
  try {
    return readFileSync(new URL(`../dist/completion.${shell}`, import.meta.url));
  } catch {
    return undefined;
  }
}
