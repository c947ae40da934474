import { type DatasetConfig, UserError } from '@bakeoff/core';
import { cifar10 } from './cifar10/cifar10.ts';
import { CIFAR10_CLASSES, CIFAR10_SHAPE } from './cifar10/official-archive.ts';
import { imageFolder } from './image-folder/image-folder.ts';
import type { Source } from './source.ts';
import { synthetic } from './synthetic/synthetic.ts';

/** Every source by its name in the manifest. A new one is a file (or folder) beside this and a line here. */
export const sources: Readonly<Record<string, Source>> = { cifar10, synthetic, 'image-folder': imageFolder };

/** What networks are described for where no dataset is named. */
export const usualInput = { imageShape: CIFAR10_SHAPE, classes: CIFAR10_CLASSES.length } as const;

/** The source of a dataset. @throws UserError where there is none of this name. */
export function sourceOf({ source }: Pick<DatasetConfig, 'source'>): Source {
  const found = sources[source];
  if (found !== undefined) return found;
  throw new UserError({
    what: 'unknown source of a dataset',
    received: source,
    allowed: Object.keys(sources).join(', '),
    fix: 'name one of the allowed sources as dataset.source',
  });
}

/** Where on this machine a dataset's images lie; nowhere where they are generated or downloaded. */
export function localPaths(config: DatasetConfig): string[] {
  return sourceOf(config).paths.flatMap((name) => {
    const path = config[name];
    return typeof path === 'string' ? [path] : [];
  });
}
