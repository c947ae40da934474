import { canonicalJson, everySettingUsed, Random, sha256, UserError, type SourceFingerprint } from '@bakeoff/core';
import { samplingOrder } from '../../sampling-order.ts';
import type { ImageSet, SourceContext, SourceImages, SourceReader } from '../source.ts';
import { decodeImages, digestImages, IMAGE_BYTES } from './decode-images.ts';
import { listImages, type ImageListing } from './list-images.ts';
import type { Settings } from './settings.ts';

type Config = Pick<Settings, 'path' | 'testPath' | 'testImages'>;

interface Listings {
  readonly training: ImageListing;
  /** Undefined: a part of `training` is the test split. */
  readonly test: ImageListing | undefined;
}

async function listAll({ path, testPath }: Config, log: SourceContext['log']): Promise<Listings> {
  const training = await listImages(path);
  const test = testPath === undefined ? undefined : await listImages(testPath);
  if (test !== undefined && test.classes.join('/') !== training.classes.join('/')) {
    throw new UserError({
      what: `image folders ${path} and ${testPath} have different classes`,
      received: test.classes.join(', '),
      allowed: training.classes.join(', '),
      fix: 'use the same class folders in both',
    });
  }
  const ignored = training.ignored + (test?.ignored ?? 0);
  if (ignored > 0)
    log({
      type: 'warning',
      text: `image folder ${path}: ${ignored} entries are not named like PNG or JPEG files and are left out`,
    });
  return { training, test };
}

/** Number of images that the test split takes from `path`. */
function heldOut({ path, testImages: count = 0 }: Config, images: number): number {
  if (count < 1 || count >= images) {
    throw new UserError({
      what: `image folder ${path} has too few images for a test split`,
      received: `testImages: ${count} of ${images} images`,
      allowed: `1 to ${images - 1}`,
      fix: 'lower dataset.testImages, add images, or name a folder of test images with dataset.testPath',
    });
  }
  return count;
}

const pairs = (listing: ImageListing | undefined, digests: readonly string[]) =>
  listing?.files.map(({ name }, i) => [name, digests[i]]) ?? null;

/** SHA-256 over the list of (path in the folder, SHA-256 of the file) of both folders. */
function digestOf(
  { training, test }: Listings,
  trainingDigests: readonly string[],
  testDigests: readonly string[],
): string {
  return sha256(canonicalJson({ training: pairs(training, trainingDigests), test: pairs(test, testDigests) }));
}

/** Reads every file's bytes, but decodes none. */
async function fingerprintImageFolder(config: Config, context: SourceContext): Promise<SourceFingerprint> {
  const listings = await listAll(config, context.log);
  const { training, test } = listings;
  const digest = digestOf(
    listings,
    await digestImages(training.files, context),
    test === undefined ? [] : await digestImages(test.files, context),
  );
  const testImages = test?.files.length ?? heldOut(config, training.files.length);
  return {
    sha256: digest,
    trainImages: training.files.length - (test === undefined ? testImages : 0),
    testImages,
    classes: training.classes,
  };
}

function pick({ images, labels }: ImageSet, ids: Int32Array): ImageSet {
  const picked = {
    images: new Uint8Array(ids.length * IMAGE_BYTES),
    labels: Uint8Array.from(ids, (id) => labels[id]!),
  };
  ids.forEach((id, i) => picked.images.set(images.subarray(id * IMAGE_BYTES, (id + 1) * IMAGE_BYTES), i * IMAGE_BYTES));
  return picked;
}

/**
 * The test split of a folder without one of its own. It is stratified and the same for every split seed, so that no
 * seed trains on images that another is tested on.
 */
function holdOut(all: ImageSet, classCount: number, count: number): Pick<SourceImages, 'training' | 'test'> {
  const order = samplingOrder(all.labels, classCount, true, new Random(0).split('test'));
  return { training: pick(all, order.slice(count).sort()), test: pick(all, order.slice(0, count).sort()) };
}

/**
 * Decodes every image to 32×32. Files are ordered by class and name. Ids are places in that order, after the test split
 * is removed.
 */
async function readImageFolder(config: Config, context: SourceContext): Promise<SourceImages> {
  const listings = await listAll(config, context.log);
  const { classes, files } = listings.training;
  const training = await decodeImages(files, context);
  if (listings.test === undefined) {
    return {
      classes,
      ...holdOut(training, classes.length, heldOut(config, files.length)),
      sha256: digestOf(listings, training.digests, []),
    };
  }
  const test = await decodeImages(listings.test.files, context);
  return { classes, training, test, sha256: digestOf(listings, training.digests, test.digests) };
}

function used({ path, testPath, testImages, ...unused }: Settings): Config {
  everySettingUsed(unused);
  return { path, testPath, testImages };
}

export const reader: SourceReader<Settings> = {
  fingerprint: (settings, _options, context) => fingerprintImageFolder(used(settings), context),
  read: (settings, _sourceSha256, _options, context) => readImageFolder(used(settings), context),
};
