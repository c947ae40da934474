import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { missingFileError } from '../../file-error.ts';
import { type Archive, type ArchiveFacts, archivedReader } from '../archives/archived-reader.ts';
import { downloadArchive } from '../archives/download-archive.ts';
import { PixelsInMemory } from '../pixels.ts';
import type { ImageSet, SourceContext, SourceImages, SourceOptions } from '../source.ts';
import {
  digestOfFiles,
  FASHION_MNIST,
  IDX_NAMES,
  IDX_ROLES,
  IDX_SHAPE,
  type IdxArchive,
  type IdxRole,
  MNIST,
  officialSha256,
} from './idx-archive.ts';
import { type IdxFile, readIdx } from './read-idx.ts';

const [HEIGHT, WIDTH] = IDX_SHAPE;

/** The names that a file goes by: as offered, unpacked, and as some unpackers write them (`train-images.idx3-ubyte`). */
function namesOf(role: IdxRole): string[] {
  const name = IDX_NAMES[role];
  const dotted = name.replace('-idx', '.idx');
  return [`${name}.gz`, name, `${dotted}.gz`, dotted];
}

/** The paths of the four files in a folder. @throws UserError that names those that are missing */
async function filesIn(folder: string, { name }: IdxArchive): Promise<Record<IdxRole, string>> {
  const wanted = `the folder with ${IDX_ROLES.map((role) => `${IDX_NAMES[role]}.gz`).join(', ')}`;
  const present = await readdir(folder).catch(async (error: unknown) => {
    throw await missingFileError(error, `cannot read the folder of ${name}`, `give ${wanted}`);
  });
  const found = IDX_ROLES.map((role) => [role, namesOf(role).find((each) => present.includes(each))] as const);
  const missing = found.filter(([, file]) => file === undefined).map(([role]) => `${IDX_NAMES[role]}.gz`);
  if (missing.length > 0)
    throw new UserError({
      what: `the folder ${folder} lacks ${missing.join(', ')}`,
      received:
        present.length === 0 ? 'an empty folder' : `${present.slice(0, 6).join(', ')}${present.length > 6 ? '…' : ''}`,
      allowed: `${name}'s four files, with or without .gz`,
      fix: `give ${wanted}`,
    });
  return Object.fromEntries(found.map(([role, file]) => [role, join(folder, file!)])) as Record<IdxRole, string>;
}

/** @throws UserError if labels are not as many as images, or not classes */
function setOf(images: IdxFile, labels: IdxFile, path: string, { name, classes }: IdxArchive): ImageSet {
  const [count] = images.shape;
  if (labels.data.length !== count)
    throw new UserError({
      what: `${path} has another number of labels than its images`,
      received: `${labels.data.length} labels for ${count} images`,
      fix: `use the images and labels of one part of ${name}: train with train, t10k with t10k`,
    });
  const wrong = labels.data.findIndex((label) => label >= classes.length);
  if (wrong >= 0)
    throw new UserError({
      what: `${path} does not hold labels of ${name}`,
      received: `label ${labels.data[wrong]} of image ${wrong}`,
      allowed: `labels 0 to ${classes.length - 1}`,
      fix: `use the files of ${name}`,
    });
  return { images: new PixelsInMemory(images.data, IDX_SHAPE), labels: labels.data };
}

async function readFolder(archive: IdxArchive, folder: string, context: SourceContext): Promise<SourceImages> {
  const paths = await filesIn(folder, archive);
  const files = {} as Record<IdxRole, IdxFile>;
  for (const [i, role] of IDX_ROLES.entries()) {
    const kind = role.endsWith('Images') ? 'images' : 'labels';
    files[role] = await readIdx(paths[role], { kind, name: archive.name, size: [HEIGHT, WIDTH] }, context);
    context.log({ type: 'progress', label: 'unpacking', done: i + 1, total: IDX_ROLES.length, unit: 'files' });
  }
  const digests = Object.fromEntries(IDX_ROLES.map((role) => [role, files[role].sha256]));
  return {
    classes: archive.classes,
    imageShape: IDX_SHAPE,
    training: setOf(files.trainImages, files.trainLabels, paths.trainLabels, archive),
    test: setOf(files.testImages, files.testLabels, paths.testLabels, archive),
    sha256: digestOfFiles(digests as Record<IdxRole, string>),
  };
}

/** Reads the whole archive, which is small, so that planning already says what is wrong with it. */
async function inspect(archive: IdxArchive, folder: string, context: SourceContext): Promise<ArchiveFacts> {
  const { sha256, training, test } = await readFolder(archive, folder, context);
  return { sha256, trainImages: training.images.count, testImages: test.images.count };
}

async function download(archive: IdxArchive, option: string, options: SourceOptions, context: SourceContext) {
  const cacheFolder = join(options.cacheFolder, archive.source);
  for (const role of IDX_ROLES)
    await downloadArchive(archive.files[role], { ...options, cacheFolder, option }, context);
  return cacheFolder;
}

function archiveOf(archive: IdxArchive): Archive {
  const { name, source, classes } = archive;
  const option = `--archive ${source}=FOLDER`;
  return {
    what: `folder of ${name}`,
    wanted: `a folder with ${name}'s four IDX files`,
    option,
    official: { sha256: officialSha256(archive), trainImages: 60_000, testImages: 10_000 },
    imageShape: IDX_SHAPE,
    classes,
    inspect: (path, context) => inspect(archive, path, context),
    download: (options, context) => download(archive, option, options, context),
    read: (path, context) => readFolder(archive, path, context),
  };
}

type NoSettings = Readonly<Record<string, never>>;
export const mnistReader = archivedReader((_settings: NoSettings) => archiveOf(MNIST));
export const fashionMnistReader = archivedReader((_settings: NoSettings) => archiveOf(FASHION_MNIST));
