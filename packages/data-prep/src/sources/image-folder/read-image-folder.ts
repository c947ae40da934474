import { realpath } from 'node:fs/promises';
import {
  canonicalJson,
  describeFinding,
  everySettingUsed,
  type Finding,
  sha256,
  UserError,
  type SourceFingerprint,
} from '@bakeoff/core';
import { heldOutCount, holdOut, tenthOf } from '../hold-out.ts';
import type { SourceContext, SourceImages, SourceOptions, SourceReader } from '../source.ts';
import { decodeImages, digestImages } from './decode-images.ts';
import { leftOutFinding, listImages, type ImageListing } from './list-images.ts';
import { type Conversion, type Settings, shapeOf } from './settings.ts';

type Config = Conversion & Pick<Settings, 'path' | 'testPath' | 'testImages'>;

const whatOf = ({ path }: Config): string => `image folder ${path}`;

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
  const testImages = test?.files.length ?? heldOutCount(whatOf(config), config.testImages, training.files.length);
  return {
    sha256: digest,
    trainImages: training.files.length - (test === undefined ? testImages : 0),
    testImages,
    classes: training.classes,
    imageShape: shapeOf(config),
    validationByDefault: tenthOf(training.files.length),
  };
}

/**
 * Decodes every image. Files are ordered by class and name. Ids are places in that order, after the test split is
 * removed.
 */
async function readImageFolder(
  config: Config,
  { cacheFolder }: SourceOptions,
  context: SourceContext,
): Promise<SourceImages> {
  const listings = await listAll(config);
  const { classes, files } = listings.training;
  const made = { classes, imageShape: shapeOf(config), findings: findingsOf(listings) };
  const training = await decodeImages(files, config, cacheFolder, context);
  if (listings.test === undefined) {
    const count = heldOutCount(whatOf(config), config.testImages, files.length);
    const sha256 = digestOf(listings, training.digests, []);
    return { ...made, ...holdOut(training, classes.length, count), sha256, close: async () => training.images.close() };
  }
  const test = await decodeImages(listings.test.files, config, cacheFolder, context).catch((error: unknown) => {
    training.images.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    training.images.close();
    test.images.close();
  };
  return { ...made, training, test, sha256: digestOf(listings, training.digests, test.digests), close };
}

function used({ path, testPath, testImages, size, fit, color, ...unused }: Settings): Config {
  everySettingUsed(unused);
  return { path, testPath, testImages, size, fit, color };
}

export const reader: SourceReader<Settings> = {
  fingerprint: (settings, _options, context) => fingerprintImageFolder(used(settings), context),
  read: (settings, _sourceSha256, options, context) => readImageFolder(used(settings), options, context),
};
