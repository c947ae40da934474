import type { DatasetConfig, SourceFingerprint, StageContext } from '@bakeoff/core';
import { fingerprintCifar10 } from './cifar10/cifar10-source.ts';
import { fingerprintImageFolder } from './image-folder/image-folder-source.ts';
import type { SourceOptions } from './source.ts';
import { fingerprintSynthetic } from './synthetic/synthetic-source.ts';

/**
 * What a source stands for, before any preparation: the official archive's digest is a constant (nothing is downloaded), an archive or a folder at hand is hashed,
 * generated images are known by their settings.
 * @throws UserError on a file or folder that cannot be read or has the wrong layout.
 */
export async function fingerprintSource(
  config: DatasetConfig,
  options: SourceOptions,
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<SourceFingerprint> {
  switch (config.source) {
    case 'cifar10':
      return fingerprintCifar10(options, context);
    case 'synthetic':
      return fingerprintSynthetic(config);
    default:
      return fingerprintImageFolder(config, context);
  }
}
