import { createRequire } from 'node:module';

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** `tensorflow` where its optional peer is there (in node_modules or a folder of NODE_PATH), none otherwise. */
export const tensorflowEngines: readonly 'tensorflow'[] = isInstalled('@tensorflow/tfjs-node') ? ['tensorflow'] : [];
