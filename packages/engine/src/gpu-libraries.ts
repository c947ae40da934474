import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GpuBuild } from './gpu-builds.ts';

/** The driver's part that computes; a container gets it from its host. */
const DRIVER_LIBRARY = 'libcuda.so.1';

/** A library that does not open. */
export interface LibraryFault {
  readonly file: string;
  /** What the dynamic linker says. */
  readonly reason: string;
}

/**
 * The first library of a GPU build that the dynamic linker does not open. Without them, libtensorflow itself still
 * starts, on the CPU, and reports them only on standard error. `library` is the folder that libtensorflow is in, `driver`
 * the name of the driver's library.
 */
export function findLibraryFault(
  build: GpuBuild,
  library = libraryFolder(),
  driver = DRIVER_LIBRARY,
): LibraryFault | undefined {
  const withoutDriver = faultOf(driver);
  if (withoutDriver !== undefined) return withoutDriver;
  for (const [file, folder] of Object.entries(build.files)) {
    const places = [file, ...(library === undefined ? [] : [join(library, '../nvidia', folder, 'lib', file)])];
    const faults = places.map((place) => faultOf(place));
    // Beside the library, a file that is there tells more than that the linker finds none elsewhere.
    if (!faults.includes(undefined))
      return faults.find((fault) => fault !== undefined && !isAbsent(fault)) ?? faults[0];
  }
  return undefined;
}

/** Whether the fault is that there is no such file. */
export function isAbsent({ reason }: LibraryFault): boolean {
  return reason.includes('cannot open shared object file');
}

/** If the linker opens a library, Node complains that it is not an addon, and closes it. */
function faultOf(place: string): LibraryFault | undefined {
  try {
    process.dlopen({ exports: {} }, place);
    return undefined;
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    if (reason.includes('did not self-register')) return undefined;
    // A file that is there may need another one, which the message then names.
    const named = /^(\S+\.so[\w.]*): /.exec(reason)?.[1] ?? place;
    return { file: basename(named), reason };
  }
}

/** Where this process has loaded libtensorflow from; undefined if no file says so. */
function libraryFolder(): string | undefined {
  try {
    const path = /\S*\/libtensorflow_framework\.so\S*$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
    return path === undefined ? undefined : dirname(path);
  } catch {
    return undefined;
  }
}
