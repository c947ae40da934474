import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './bakeoff.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

/** The command lines of README's shell blocks in their order, without comments. */
export function readmeCommands(): string[] {
  return [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!.split('\n').flatMap((line) => line.replace(/\s+#.*$/, '').trim() || []),
  );
}

/** README's own manifest, `dropout.yaml`. */
export function readmeManifest(): string {
  return /```yaml\n([\s\S]*?)```/.exec(readme)![1]!;
}

/** The files that README links to, or names as `experiments/…`. */
export function readmeFiles(): string[] {
  const linked = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path!);
  const named = [...readme.matchAll(/`(experiments\/[\w-]+\.yaml)`/g)].map(([, path]) => path!);
  return [...new Set([...linked, ...named])];
}
