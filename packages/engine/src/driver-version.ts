import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The version of NVIDIA's driver that is loaded, or null where no file says so. `root` replaces `/`. The file reads
 * "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024", or "… Open Kernel Module
 * for x86_64  550.54.15  …".
 */
export async function readDriverVersion(root = '/'): Promise<string | null> {
  const text = await readFile(join(root, 'proc/driver/nvidia/version'), 'utf8').catch(() => undefined);
  return text === undefined
    ? null
    : (/Kernel Module(?: for \S+)?\s+(\d[\d.]*)/.exec(text)?.[1] ?? 'of unknown version');
}

/** Whether a version such as `470.57.02` comes before another. A version that is not numbers is not older. */
export function isOlderDriver(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const difference = others.map((other, i) => (numbers[i] ?? 0) - other).find((each) => each !== 0) ?? 0;
  return difference < 0;
}
