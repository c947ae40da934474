import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, run, skip, tail } from '../support/checks.mjs';
import { unpackedDebian } from './debian.mjs';

/** Loads linux-x64 in a process of musl's. There is no Node for musl to install, so a small host provides Node-API. */
export function checkMusl(kernels, zig) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('musl', 'not linux-x64');
  const debian = unpackedDebian('musl', ['musl']);
  if (debian === undefined) return skip('musl', "Debian's package musl cannot be downloaded");
  const folder = mkdtempSync(join(tmpdir(), 'musl-host-'));
  try {
    const host = join(folder, 'host');
    const built = run('sh', [
      '-c',
      `${zig} cc -O2 -fno-sanitize=all -target x86_64-linux-musl -dynamic -rdynamic ${join(import.meta.dirname, 'musl-host.c')} -o ${host}`,
    ]);
    const loaded = built.passed
      ? run(join(debian, 'lib/ld-musl-x86_64.so.1'), [host, join(kernels, 'prebuilt/linux-x64.node')])
      : built;
    report(
      'linux-x64 loads and starts in a process of musl',
      loaded.passed,
      loaded.passed ? loaded.stdout.trim() : tail(loaded),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
