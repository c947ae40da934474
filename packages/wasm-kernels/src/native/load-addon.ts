import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeAddon } from './native-kernels.ts';

const CHECKSUMS = 'native-checksums.json';

/** In the package, or beside a bundle or its folder of chunks. */
const defaultFolders = ['../../prebuilt/', './', '../'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/**
 * The addon for this platform, or why there is none. A damaged file can end the process when it is mapped, so its bytes
 * are compared with the list beside it first.
 */
export function loadAddon(
  folder = defaultFolders.find((candidate) => existsSync(path.join(candidate, CHECKSUMS))),
): NativeAddon | { readonly why: string } {
  if (folder === undefined) return { why: `no ${CHECKSUMS} in ${defaultFolders.join(', ')}` };
  const name = `${process.platform}-${process.arch}.node`,
    file = path.join(folder, name);
  try {
    const expected = readChecksum(folder, name);
    if (expected === undefined) return { why: `there is none for ${process.platform} ${process.arch}` };
    const bytes = readFileSync(file);
    if (createHash('sha256').update(bytes).digest('hex') !== expected)
      return { why: `${file} is not the file that ${CHECKSUMS} lists (${bytes.length} bytes)` };
    return createRequire(import.meta.url)(file) as NativeAddon;
  } catch (error) {
    return { why: `${file} cannot be loaded: ${(error as Error).message.split('\n')[0]}` };
  }
}

function readChecksum(folder: string, name: string): string | undefined {
  const file = path.join(folder, CHECKSUMS);
  try {
    const list = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { sha256: string }>;
    return list[name]?.sha256;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
