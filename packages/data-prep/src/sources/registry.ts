import { isAbsolute, join } from 'node:path';
import { type DatasetConfig, UserError } from '@bakeoff/core';
import { CIFAR_SHAPE } from './cifar/cifar-dialect.ts';
import { CIFAR10_CLASSES } from './cifar/cifar10-dialect.ts';
import { cifar10 } from './cifar/cifar10.ts';
import { cifar100 } from './cifar/cifar100.ts';
import { imageFolder } from './image-folder/image-folder.ts';
import { fashionMnist, mnist } from './mnist/mnist.ts';
import type { Source } from './source.ts';
import { synthetic } from './synthetic/synthetic.ts';
import { tensors } from './tensors/tensors.ts';

/** Every source by its name in the manifest. A new one is a file (or folder) next to this file, and a line here. */
export const sources: Readonly<Record<string, Source>> = {
  cifar10,
  cifar100,
  mnist,
  'fashion-mnist': fashionMnist,
  tensors,
  synthetic,
  'image-folder': imageFolder,
};

/** The image shape and classes for which networks are described if no dataset is named. */
export const usualInput = { imageShape: CIFAR_SHAPE, classes: CIFAR10_CLASSES.length } as const;

/** The source of a dataset. @throws UserError if there is none with this name. */
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

/**
 * Where a dataset's images are on this machine; empty if they are generated or downloaded.
 * @param folder That relative paths start from.
 */
export function localPaths(config: DatasetConfig, folder = ''): string[] {
  return sourceOf(config).paths.flatMap((name) => {
    const path = config[name];
    return typeof path === 'string' ? [isAbsolute(path) ? path : join(folder, path)] : [];
  });
}
