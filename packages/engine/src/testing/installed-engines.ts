import { createRequire } from 'node:module';

/** Whether a package is there as an engine finds its library: in node_modules or a folder of NODE_PATH. */
export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** `tensorflow` where its optional peer is there, none otherwise. */
export const tensorflowEngines: readonly 'tensorflow'[] = isInstalled('@tensorflow/tfjs-node') ? ['tensorflow'] : [];
