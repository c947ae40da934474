import { everySettingUsed } from '@bakeoff/core';
import { sha256File } from '../../sha256-file.ts';
import { type Archive, archivedReader } from '../archives/archived-reader.ts';
import { downloadArchive } from '../archives/download-archive.ts';
import { CIFAR_SHAPE, type CifarDialect } from './cifar-dialect.ts';
import { CIFAR10 } from './cifar10-dialect.ts';
import { type CIFAR100_CLASSES, cifar100Dialect } from './cifar100-dialect.ts';
import { countCifarArchive, readCifarArchive } from './read-cifar-archive.ts';

/** Of both official archives. */
const IMAGES = { trainImages: 50_000, testImages: 10_000 };

function archiveOf(dialect: CifarDialect, option: string): Archive {
  const { name, official, classes, fileImages } = dialect;
  return {
    what: `${name} archive`,
    wanted: `a readable ${official.fileName}`,
    option,
    official: { sha256: official.sha256, ...IMAGES },
    imageShape: CIFAR_SHAPE,
    classes,
    inspect: async (path, context) => {
      const { sha256 } = await sha256File(path, context.signal);
      if (fileImages !== null || sha256 === official.sha256) return { sha256, ...IMAGES };
      return countCifarArchive(dialect, path, context);
    },
    download: (options, context) => downloadArchive(official, { ...options, option }, context),
    read: (path, context) => readCifarArchive(dialect, path, context),
  };
}

/** CIFAR-10 has no settings of its own. */
export const cifar10Reader = archivedReader((_settings: Readonly<Record<string, never>>) =>
  archiveOf(CIFAR10, '--archive PATH or BAKEOFF_CIFAR10'),
);

export const cifar100Reader = archivedReader(({ labels, ...unused }: { labels: keyof typeof CIFAR100_CLASSES }) => {
  everySettingUsed(unused);
  return archiveOf(cifar100Dialect(labels), '--archive cifar100=PATH');
});
