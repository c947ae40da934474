import { UserError, type SourceFingerprint } from '@bakeoff/core';
import { fileError } from '../../file-error.ts';
import { sha256File } from '../../sha256-file.ts';
import type { SourceContext, SourceImages, SourceOptions, SourceReader } from '../source.ts';
import { downloadArchive } from './download-archive.ts';
import { BATCH_IMAGES, CIFAR10_CLASSES, OFFICIAL_ARCHIVE, TRAINING_BATCHES } from './official-archive.ts';
import { readArchive } from './read-archive.ts';

/** The digest of the local archive, or that of the official one, which is known without a download. */
async function fingerprint(options: SourceOptions, context: SourceContext): Promise<SourceFingerprint> {
  const sha256 = options.archive === undefined ? OFFICIAL_ARCHIVE.sha256 : await digestOf(options.archive, context);
  return {
    sha256,
    trainImages: TRAINING_BATCHES.length * BATCH_IMAGES,
    testImages: BATCH_IMAGES,
    classes: CIFAR10_CLASSES,
  };
}

async function digestOf(archive: string, context: SourceContext): Promise<string> {
  try {
    return (await sha256File(archive, context.signal)).sha256;
  } catch (error) {
    context.signal.throwIfAborted();
    throw fileError(error, 'cannot read the CIFAR-10 archive', 'give the path of a readable cifar-10-binary.tar.gz');
  }
}

/**
 * Reads the archive whose digest the plan was made with.
 * @throws UserError if it is another one now, and for everything that `readArchive` and `downloadArchive` refuse.
 */
async function read(sourceSha256: string, options: SourceOptions, context: SourceContext): Promise<SourceImages> {
  if (options.archive === undefined && sourceSha256 !== OFFICIAL_ARCHIVE.sha256) {
    throw new UserError({
      what: 'the plan was made with an archive that is not the official one',
      received: 'no archive',
      allowed: `an archive with SHA-256 ${sourceSha256}`,
      fix: 'name it with --archive PATH or BAKEOFF_CIFAR10, or plan again without it',
    });
  }
  const path = options.archive ?? (await downloadArchive(OFFICIAL_ARCHIVE, options, context));
  const images = await readArchive(path, context);
  if (images.sha256 !== sourceSha256) {
    throw new UserError({
      what: `the archive ${path} is not the one the plan was made with`,
      received: `SHA-256 ${images.sha256}`,
      allowed: `SHA-256 ${sourceSha256}`,
      fix:
        options.archive === undefined
          ? 'remove the file and run again: it is downloaded again'
          : 'plan again with this archive, or name the other one',
    });
  }
  return images;
}

/** CIFAR-10 has no settings of its own. */
export const reader: SourceReader<Readonly<Record<string, never>>> = {
  fingerprint: (_settings, options, context) => fingerprint(options, context),
  read: (_settings, sourceSha256, options, context) => read(sourceSha256, options, context),
};
