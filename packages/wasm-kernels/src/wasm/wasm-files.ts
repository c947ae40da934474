import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { webAssembly } from './web-assembly.ts';
import type { WasmModule } from './web-assembly.ts';

export type KernelBuild = 'simd' | 'relaxed-simd';

const kernelFileNames: Record<KernelBuild, string> = {
  simd: 'kernels-simd.wasm',
  'relaxed-simd': 'kernels-relaxed-simd.wasm',
};
export const tfjsFileName = 'tfjs-backend-wasm-simd.wasm';

/**
 * When run from source, the files are in the package's prebuilt/. Users of a bundler copy them next to the bundle or its
 * folder of chunks.
 */
const defaultFolders = ['../../prebuilt/', './', '../'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

export async function isReadable(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The folder that holds the kernel builds: the given folder, or the first default folder that has them. */
export async function findWasmFolder(given: string | undefined): Promise<string> {
  const folders = given === undefined ? defaultFolders : [path.resolve(given)];
  for (const folder of folders) if (await isReadable(path.join(folder, kernelFileNames.simd))) return folder;
  throw new Error(
    `No ${kernelFileNames.simd} in ${folders.join(', ')}. Copy it there from the prebuilt/ folder of @bakeoff/wasm-kernels, or pass wasmFolder.`,
  );
}

/** The requested build; 'auto' is the relaxed one if this runtime accepts it. */
export async function readBuild(
  folder: string,
  requested: KernelBuild | 'auto',
): Promise<{ build: KernelBuild; module: WasmModule }> {
  const relaxed = requested === 'simd' ? null : await readFile(path.join(folder, kernelFileNames['relaxed-simd']));
  if (relaxed && webAssembly.validate(relaxed))
    return { build: 'relaxed-simd', module: await webAssembly.compile(relaxed) };
  if (requested === 'relaxed-simd') {
    throw new Error(
      'This runtime does not accept relaxed SIMD. Node.js 20 needs `node --experimental-wasm-relaxed-simd`; or use the build "simd".',
    );
  }
  return { build: 'simd', module: await webAssembly.compile(await readFile(path.join(folder, kernelFileNames.simd))) };
}
