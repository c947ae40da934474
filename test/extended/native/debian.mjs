import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache, run } from '../support/checks.mjs';

/** The folder with the unpacked contents of Debian packages, which are not installed; undefined without apt or network. */
export function unpackedDebian(name, packages) {
  const folder = join(cache, `debian-${name}`);
  const unpacked = join(folder, 'root');
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(folder, { recursive: true });
  const got = run(
    'sh',
    [
      '-c',
      `apt-get download ${packages.join(' ')} && for deb in *.deb; do dpkg -x "$deb" part || exit 1; done && mv part root`,
    ],
    { cwd: folder },
  );
  return got.passed ? unpacked : undefined;
}
