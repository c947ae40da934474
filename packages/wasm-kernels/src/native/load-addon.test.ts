import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installWasmKernels, NativeUnavailableError } from '../index.ts';
import { installTestedKernels } from '../testing/install.ts';
import { nativeWidthsHere } from '../testing/tested-native.ts';
import { loadAddon } from './load-addon.ts';
import { nativeWidths } from './native-options.ts';

const prebuilt = fileURLToPath(new URL('../../prebuilt/', import.meta.url));
const name = `${process.platform}-${process.arch}.node`;
const foreign = process.arch === 'arm64' ? 'linux-x64.node' : 'linux-arm64.node';
const folder = mkdtempSync(path.join(tmpdir(), 'native-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => void (await installTestedKernels()));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A folder whose list names the file with the SHA-256 it has, or another. */
function place(bytes: Uint8Array, listed = sha256(bytes)): void {
  writeFileSync(path.join(folder, name), bytes);
  writeFileSync(
    path.join(folder, 'native-checksums.json'),
    JSON.stringify({ [name]: { bytes: bytes.length, sha256: listed } }),
  );
}

async function installed(): Promise<string> {
  const result = await installWasmKernels({ native: 'auto', nativeFolder: folder });
  expect(result).toMatchObject({ build: 'relaxed-simd', native: null, isNativeFault: true });
  return result.native === null ? result.whyNotNative : '';
}

describe('the binaries', () => {
  it('are there for every platform, are those that their list names, and take at most 1.5 MB', () => {
    const list = JSON.parse(readFileSync(path.join(prebuilt, 'native-checksums.json'), 'utf8')) as Record<
      string,
      { bytes: number; sha256: string }
    >;
    expect(Object.keys(list).sort()).toEqual([
      'darwin-arm64.node',
      'kernels-relaxed-simd.wasm',
      'kernels-simd.wasm',
      'linux-arm64.node',
      'linux-x64.node',
      'win32-x64.node',
    ]);
    for (const [file, listed] of Object.entries(list)) {
      const bytes = readFileSync(path.join(prebuilt, file));
      expect({ bytes: bytes.length, sha256: sha256(bytes) }, file).toEqual(listed);
    }
    expect(Object.values(list).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(1_500_000);
  });

  it('say which widths this processor runs', () => {
    expect(loadAddon(prebuilt)).toMatchObject({ widths: nativeWidthsHere });
    expect(nativeWidthsHere.every((width) => nativeWidths.includes(width))).toBe(true);
  });
});

describe('WebAssembly takes over', () => {
  const bytes = readFileSync(path.join(prebuilt, name));

  it('from a damaged binary, which is not loaded', async () => {
    const damaged = Uint8Array.from(bytes);
    damaged[damaged.length >> 1]! ^= 1;
    place(damaged, sha256(bytes));
    expect(await installed()).toMatch(`${path.join(folder, name)} is not the file that native-checksums.json lists`);
  });

  it('from a truncated one', async () => {
    place(bytes.subarray(0, 1000), sha256(bytes));
    expect(await installed()).toContain('is not the file');
  });

  it('from one for another architecture', async () => {
    place(readFileSync(path.join(prebuilt, foreign)));
    expect(await installed()).toContain(path.join(folder, name));
  });

  it('from a file that is no library', async () => {
    place(Buffer.from('not a library'));
    expect(await installed()).toContain(path.join(folder, name));
  });

  it('where there is none for the platform, or no list, or a file is missing', async () => {
    writeFileSync(path.join(folder, 'native-checksums.json'), '{}');
    expect(await installed()).toBe(`there is none for ${process.platform} ${process.arch}`);
    writeFileSync(path.join(folder, 'native-checksums.json'), '{');
    expect(await installed()).toContain('native-checksums.json');
    copyFileSync(path.join(prebuilt, 'native-checksums.json'), path.join(folder, 'native-checksums.json'));
    rmSync(path.join(folder, name), { force: true });
    expect(await installed()).toContain('ENOENT');
  });

  it('in the build for plain SIMD, which rounds differently, and when turned off, which are no faults', async () => {
    const plain = { build: 'simd', native: null, isNativeFault: false };
    expect(await installWasmKernels({ build: 'simd' })).toMatchObject(plain);
    expect(await installWasmKernels({ native: 'off' })).toMatchObject({ ...plain, build: 'relaxed-simd' });
  });

  it('never where a width was asked for by name', async () => {
    const other = nativeWidths.find((width) => !nativeWidthsHere.includes(width))!;
    await expect(installWasmKernels({ native: other })).rejects.toThrow(NativeUnavailableError);
    await expect(installWasmKernels({ native: other })).rejects.toThrow(`"${other}" cannot be used`);
    await expect(installWasmKernels({ native: nativeWidthsHere[0], build: 'simd' })).rejects.toThrow(
      NativeUnavailableError,
    );
    place(Buffer.from('not a library'));
    await expect(installWasmKernels({ native: nativeWidthsHere[0], nativeFolder: folder })).rejects.toThrow(folder);
  });
});
