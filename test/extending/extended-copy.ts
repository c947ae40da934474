import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repository } from '../support/bakeoff.ts';
import type { Change } from './guide.ts';

/** Relative to the repository, and to its copy. */
export const RUN_MANIFEST = 'test/extending/run-manifest.ts';

/** The other packages' `dist` have what `npm run prepare` built and a run needs: the kernels, and the page's script. */
const leftOut = /\/(node_modules|testing|cli\/dist)$|\.test\.ts$/;

/** Copies what the packages' product is made of into an empty folder, over the installed dependencies, and makes the changes there. */
export async function copyExtended(folder: string, changes: readonly Change[]): Promise<void> {
  const packages = await readdir(join(repository, 'packages'));
  for (const path of ['tsconfig.base.json', RUN_MANIFEST, ...packages.map((name) => `packages/${name}`)])
    await cp(join(repository, path), join(folder, path), {
      recursive: true,
      filter: (source) => !leftOut.test(source),
    });
  await linkDependencies(folder, packages);
  for (const { path, apply } of changes) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, apply(existsSync(file) ? await readFile(file, 'utf8') : undefined));
  }
}

async function linkDependencies(folder: string, packages: readonly string[]): Promise<void> {
  const [installed, linked] = [join(repository, 'node_modules'), join(folder, 'node_modules')];
  await mkdir(join(linked, '@bakeoff'), { recursive: true });
  const others = (await readdir(installed)).filter((name) => name !== '@bakeoff');
  await Promise.all(others.map((name) => symlink(join(installed, name), join(linked, name))));
  for (const name of packages) {
    await symlink(join(folder, 'packages', name), join(linked, '@bakeoff', name));
    const own = join('packages', name, 'node_modules');
    if (existsSync(join(repository, own))) await symlink(join(repository, own), join(folder, own));
  }
}
