import { type ImageShape, UserError } from '@bakeoff/core';
import { missingFileError } from '../../file-error.ts';
import type { SourceContext, SourceImages, SourceOptions, SourceReader } from '../source.ts';

/** What a plan needs to know of an archive. */
export interface ArchiveFacts {
  /** SHA-256 (hex) */
  readonly sha256: string;
  readonly trainImages: number;
  readonly testImages: number;
}

/** A source whose images are in one archive, which is downloaded or at hand. */
export interface Archive {
  /** For messages, e.g. `CIFAR-10 archive`. */
  readonly what: string;
  /** What the archive's path should be, e.g. `a readable cifar-10-binary.tar.gz`. */
  readonly wanted: string;
  /** How to name an archive at hand, e.g. `--archive PATH`. */
  readonly option: string;
  readonly official: ArchiveFacts;
  readonly imageShape: ImageShape;
  readonly classes: readonly string[];
  /** Of an archive at hand. @throws UserError or a system's error if it cannot be read, UserError for a wrong layout */
  inspect(path: string, context: SourceContext): Promise<ArchiveFacts>;
  /** The path of the official archive in the cache folder. */
  download(options: SourceOptions, context: SourceContext): Promise<string>;
  read(path: string, context: SourceContext): Promise<SourceImages>;
}

/** The facts of the archive at hand, or of the official one, which are known without a download. */
async function factsOf(
  archive: Archive,
  { archive: path }: SourceOptions,
  context: SourceContext,
): Promise<ArchiveFacts> {
  if (path === undefined) return archive.official;
  try {
    const facts = await archive.inspect(path, context);
    if (facts.sha256 !== archive.official.sha256)
      context.log({
        type: 'warning',
        text: `${path} is not the official ${archive.what}: its dataset and runs have other ids than without ${archive.option}`,
      });
    return facts;
  } catch (error) {
    context.signal.throwIfAborted();
    throw await missingFileError(error, `cannot read the ${archive.what}`, `give the path of ${archive.wanted}`);
  }
}

/**
 * Reads the archive whose digest the plan was made with.
 * @throws UserError if it is another one now, and for everything that the archive refuses to download or to read.
 */
async function read(
  archive: Archive,
  sourceSha256: string,
  options: SourceOptions,
  context: SourceContext,
): Promise<SourceImages> {
  if (options.archive === undefined && sourceSha256 !== archive.official.sha256) {
    throw new UserError({
      what: 'the plan was made with an archive that is not the official one',
      received: 'no archive',
      allowed: `an archive with SHA-256 ${sourceSha256}`,
      fix: `name it with ${archive.option}, or plan again without it`,
    });
  }
  const path = options.archive ?? (await archive.download(options, context));
  const images = await archive.read(path, context);
  if (images.sha256 !== sourceSha256) {
    throw new UserError({
      what: `the archive ${path} is not the one the plan was made with`,
      received: `SHA-256 ${images.sha256}`,
      allowed: `SHA-256 ${sourceSha256}`,
      fix:
        options.archive === undefined
          ? 'remove it and run again: it is downloaded again'
          : 'plan again with this archive, or name the other one',
    });
  }
  return images;
}

/** The reader of a source with an archive. */
export function archivedReader<Settings>(archiveOf: (settings: Settings) => Archive): SourceReader<Settings> {
  return {
    fingerprint: async (settings, options, context) => {
      const archive = archiveOf(settings);
      const { classes, imageShape } = archive;
      return { ...(await factsOf(archive, options, context)), classes, imageShape };
    },
    read: (settings, sourceSha256, options, context) => read(archiveOf(settings), sourceSha256, options, context),
  };
}
