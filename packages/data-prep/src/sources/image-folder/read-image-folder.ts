import { realpath } from 'node:fs/promises';
import {
  canonicalJson,
  describeFinding,
  everySettingUsed,
  type Finding,
  Random,
  sha256,
  UserError,
  type SourceFingerprint,
} from '@bakeoff/core';
import { samplingOrder } from '../../sampling-order.ts';
import type { ImageSet, SourceContext, SourceImages, SourceReader } from '../source.ts';
import { decodeImages, digestImages, IMAGE_BYTES } from './decode-images.ts';
import { leftOutFinding, listImages, type ImageListing } from './list-images.ts';
import type { Settings } from './settings.ts';

type Config = Pick<Settings, 'path' | 'testPath' | 'testImages'>;

interface Listings {
  readonly training: ImageListing;
  /** Undefined: a part of `training` is the test split. */
  readonly test: ImageListing | undefined;
}

/** @throws UserError if both are one folder, perhaps by way of links: every test image would be a training image. */
async function requireOtherFolder(path: string, testPath: string): Promise<void> {
  const [training, test] = await Promise.all([path, testPath].map((each) => realpath(each).catch(() => each)));
  if (training !== test) return;
  throw new UserError({
    what: 'dataset.path and dataset.testPath are the same folder: a network would be tested on the images that it learned',
    received: `${path} and ${testPath}, both ${training}`,
    allowed: 'a testPath with other images',
    fix: 'give dataset.testImages instead of testPath, to hold out a part of the folder, or name another folder',
  });
}

/** The test images with the labels of the training images' classes, whose names are compared by Unicode normalization. */
function withLabelsOf(test: ImageListing, training: ImageListing, { path, testPath }: Config): ImageListing {
  const labels = new Map(training.classes.map((name, label) => [name.normalize(), label]));
  const own = test.classes.map((name) => labels.get(name.normalize()));
  if (test.classes.length === training.classes.length && own.every((label) => label !== undefined)) {
    const files = test.files.map((file) => ({ ...file, label: own[file.label]! }));
    return { ...test, classes: training.classes, files };
  }
  throw new UserError({
    what: `image folders ${path} and ${testPath} have different classes`,
    received: test.classes.join(', '),
    allowed: training.classes.join(', '),
    fix: 'use the same class folders in both',
  });
}

async function listAll(config: Config): Promise<Listings> {
  const { path, testPath } = config;
  if (testPath === undefined) return { training: await listImages(path), test: undefined };
  await requireOtherFolder(path, testPath);
  const training = await listImages(path);
  return { training, test: withLabelsOf(await listImages(testPath), training, config) };
}

function findingsOf({ training, test }: Listings): Finding[] {
  const finding = leftOutFinding([training.leftOut, ...(test === undefined ? [] : [test.leftOut])]);
  return finding === undefined ? [] : [finding];
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
  const listings = await listAll(config);
  for (const finding of findingsOf(listings)) context.log({ type: 'warning', text: describeFinding(finding) });
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
  const listings = await listAll(config);
  const findings = findingsOf(listings);
  const { classes, files } = listings.training;
  const training = await decodeImages(files, context);
  if (listings.test === undefined) {
    return {
      classes,
      ...holdOut(training, classes.length, heldOut(config, files.length)),
      sha256: digestOf(listings, training.digests, []),
      findings,
    };
  }
  const test = await decodeImages(listings.test.files, context);
  return { classes, training, test, sha256: digestOf(listings, training.digests, test.digests), findings };
}

function used({ path, testPath, testImages, ...unused }: Settings): Config {
  everySettingUsed(unused);
  return { path, testPath, testImages };
}

export const reader: SourceReader<Settings> = {
  fingerprint: (settings, _options, context) => fingerprintImageFolder(used(settings), context),
  read: (settings, _sourceSha256, _options, context) => readImageFolder(used(settings), context),
};
