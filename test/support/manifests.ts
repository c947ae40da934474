import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A network whose training takes milliseconds per epoch, for tests of everything around it. */
export const TINY_MODEL = '{ type: resnet, blocks: [1], channels: [4], firstChannels: 4, dropout2d: 0.1 }';

export interface TinyManifest {
  readonly epochs?: number;
  readonly images?: number;
  /** Lines below `experiments:`, replacing the usual two. */
  readonly experiments?: string;
  readonly batchSizeOfSecond?: number;
}

/** Writes a manifest that trains in seconds: two small networks on a few generated images. */
export async function writeTinyManifest(
  folder: string,
  { epochs = 2, images = 260, batchSizeOfSecond = 50, experiments }: TinyManifest = {},
): Promise<string> {
  const path = join(folder, 'tiny.yaml');
  const text = `name: tiny
dataset: { source: synthetic, images: ${images}, testImages: 100, validation: 60 }
defaults:
  optimizer: { type: adam, learningRate: 1e-3 }
  batchSize: 25
  maxEpochs: ${epochs}
experiments:
${experiments ?? `  - { id: first, model: ${TINY_MODEL} }\n  - { id: second, model: ${TINY_MODEL}, batchSize: ${batchSizeOfSecond} }`}
`;
  await writeFile(path, text);
  return path;
}
