import {
  canonicalJson,
  everySettingUsed,
  imageBytes,
  type ImageShape,
  sha256,
  type SourceFingerprint,
  UserError,
} from '@bakeoff/core';
import { missingFileError } from '../../file-error.ts';
import { sha256File } from '../../sha256-file.ts';
import { heldOutCount, holdOut, tenthOf } from '../hold-out.ts';
import { openPixelStore, type PixelStore } from '../pixel-store.ts';
import type { SourceContext, SourceImages, SourceReader } from '../source.ts';
import { openTensor } from './open-tensors.ts';
import type { Settings } from './settings.ts';
import { DTYPES, type StoredTensor } from './tensor-file.ts';

const MOST_PIXELS = 256;
const MOST_CLASSES = 256;

interface Place {
  readonly path: string;
  readonly name: string;
}

/** Where images and labels of one part are. */
interface Part {
  readonly images: Place;
  readonly labels: Place;
}

interface Places {
  readonly training: Part;
  /** Undefined: a part of `training` is the test split. */
  readonly test: Part | undefined;
}

interface Config {
  readonly places: Places;
  readonly testImages: number | undefined;
  readonly classes: readonly string[] | undefined;
}

function used(settings: Settings): Config {
  const { path, labelsPath = path, images, labels, testPath, testImagesName, testImages, classes, ...rest } = settings;
  const { testLabelsPath = testPath ?? labelsPath, testLabelsName = labels, ...unused } = rest;
  everySettingUsed(unused);
  const hasTest = testPath !== undefined || testImagesName !== undefined;
  const test = {
    images: { path: testPath ?? path, name: testImagesName ?? images },
    labels: { path: testLabelsPath, name: testLabelsName },
  };
  const training = { images: { path, name: images }, labels: { path: labelsPath, name: labels } };
  return { places: { training, test: hasTest ? test : undefined }, testImages, classes };
}

/** [n, height, width, channels] @throws UserError for another type or shape */
function imagesShape({ name, dtype, dtypeName, shape }: StoredTensor): { count: number; imageShape: ImageShape } {
  const [count = 0, height = 0, width = 0, channels = 1, ...more] = shape;
  const sizes = [height, width].every((side) => side >= 1 && side <= MOST_PIXELS);
  const isRight = dtype === 'uint8' && shape.length >= 3 && more.length === 0 && sizes && count > 0;
  if (isRight && (channels === 1 || channels === 3)) return { count, imageShape: [height, width, channels] };
  const isChannelsFirst = shape.length === 4 && (height === 1 || height === 3);
  throw new UserError({
    what: `${name} does not hold images`,
    received: `${dtypeName} [${shape.join(', ')}]`,
    allowed: `uint8 [n, height, width] or [n, height, width, 1 or 3], up to ${MOST_PIXELS}×${MOST_PIXELS}`,
    fix: isChannelsFirst
      ? 'the channels come first: move them to the end, images.transpose(0, 2, 3, 1)'
      : dtype === 'uint8'
        ? 'give images of this shape; are images and labels swapped?'
        : 'convert pixels of 0…1 with (images * 255).round().astype("uint8")',
  });
}

async function* whole(tensor: StoredTensor, bytes: number): AsyncIterable<Uint8Array> {
  const one = new Uint8Array(bytes);
  let filled = 0;
  for await (const piece of tensor.pieces()) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + bytes - filled);
      one.set(part, filled);
      [filled, at] = [filled + part.length, at + part.length];
      if (filled < bytes) continue;
      filled = 0;
      yield one;
    }
  }
}

/** Labels as uint8 [n]. @throws UserError for another type or shape, and for labels outside 0…255 */
async function readLabels(
  tensor: StoredTensor,
  count: number,
  classes: readonly string[] | undefined,
): Promise<Uint8Array> {
  const { name, dtype, dtypeName, shape } = tensor;
  const [n, one = 1, ...more] = shape;
  const refuse = (received: string, allowed: string, fix: string): never => {
    throw new UserError({ what: `${name} does not hold labels for the images`, received, allowed, fix });
  };
  if (dtype === undefined || one !== 1 || more.length > 0 || shape.length === 0)
    return refuse(
      `${dtypeName} [${shape.join(', ')}]`,
      'integers [n] or [n, 1]',
      one > 1 && more.length === 0
        ? 'one-hot labels become integers with labels.argmax(1)'
        : 'give one integer per image; are images and labels swapped?',
    );
  if (n !== count) refuse(`${n} labels`, `${count}, one per image`, 'give images and labels of the same part');
  const { bytes, read } = DTYPES[dtype];
  const most = classes?.length ?? MOST_CLASSES;
  const labels = new Uint8Array(count);
  let next = 0;
  for await (const value of whole(tensor, bytes)) {
    const label = read(new DataView(value.buffer), 0);
    if (label < 0 || label >= most)
      refuse(
        `label ${label} of image ${next}`,
        `0 to ${most - 1}${classes === undefined ? '' : ', the number of names in dataset.classes'}`,
        'number the classes from 0',
      );
    labels[next++] = label;
  }
  return labels;
}

function fileTrouble<T>(work: Promise<T>, context: SourceContext): Promise<T> {
  return work.catch(async (error: unknown) => {
    context.signal.throwIfAborted();
    throw await missingFileError(
      error,
      'cannot read the tensors',
      "give the path of a file, relative to the manifest's folder",
    );
  });
}

interface OpenPart {
  readonly images: StoredTensor;
  readonly labels: Uint8Array;
  readonly count: number;
  readonly imageShape: ImageShape;
}

async function openPart({ images, labels }: Part, { classes }: Config, { signal }: SourceContext): Promise<OpenPart> {
  const pictures = await openTensor(images.path, images.name, signal);
  const { count, imageShape } = imagesShape(pictures);
  const stored = await openTensor(labels.path, labels.name, signal);
  return { images: pictures, labels: await readLabels(stored, count, classes), count, imageShape };
}

interface OpenParts {
  readonly training: OpenPart;
  readonly test: OpenPart | undefined;
  readonly classes: readonly string[];
  /** SHA-256 (hex) over the digests of the files. */
  readonly sha256: string;
}

/** Everything but the pixels: headers and labels, and the files' digests. */
async function openParts(config: Config, context: SourceContext): Promise<OpenParts> {
  const { training: at, test: testAt } = config.places;
  const training = await openPart(at, config, context);
  const test = testAt === undefined ? undefined : await openPart(testAt, config, context);
  if (test !== undefined && test.imageShape.join() !== training.imageShape.join())
    throw new UserError({
      what: 'training and test images have different shapes',
      received: `${training.imageShape.join('×')} in ${at.images.path}, ${test.imageShape.join('×')} in ${testAt!.images.path}`,
      fix: 'bring all images to one shape',
    });
  const most = [...training.labels, ...(test?.labels ?? [])].reduce((high, label) => Math.max(high, label), 0);
  const classes = config.classes ?? Array.from({ length: most + 1 }, (_, label) => String(label));
  return { training, test, classes, sha256: await digestOf(config.places, context) };
}

async function digestOf({ training, test }: Places, { signal }: SourceContext): Promise<string> {
  const known = new Map<string, string>();
  const of = async ({ path }: Place): Promise<string> => {
    const digest = known.get(path) ?? (await sha256File(path, signal)).sha256;
    known.set(path, digest);
    return digest;
  };
  const partOf = async (part: Part) => [await of(part.images), await of(part.labels)];
  return sha256(
    canonicalJson({ training: await partOf(training), test: test === undefined ? null : await partOf(test) }),
  );
}

const whatOf = ({ places }: Config): string => `the file of tensors ${places.training.images.path}`;

async function fingerprint(config: Config, context: SourceContext): Promise<SourceFingerprint> {
  const { training, test, classes, sha256 } = await openParts(config, context);
  const testImages = test?.count ?? heldOutCount(whatOf(config), config.testImages, training.count);
  return {
    sha256,
    trainImages: training.count - (test === undefined ? testImages : 0),
    testImages,
    classes,
    imageShape: training.imageShape,
    validationByDefault: tenthOf(training.count),
  };
}

async function readPixels(
  { images, count, imageShape }: OpenPart,
  folder: string,
  { log }: SourceContext,
): Promise<PixelStore> {
  const store = openPixelStore(count, imageShape, folder);
  try {
    let next = 0;
    for await (const image of whole(images, imageBytes(imageShape))) {
      store.set(next++, image);
      if (next % 5000 === 0 || next === count)
        log({ type: 'progress', label: 'reading images', done: next, total: count, unit: 'images' });
    }
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

async function read(config: Config, cacheFolder: string, context: SourceContext): Promise<SourceImages> {
  const { training, test, classes, sha256 } = await openParts(config, context);
  const images = await readPixels(training, cacheFolder, context);
  const set = { images, labels: training.labels };
  const made = { classes, imageShape: training.imageShape, sha256 };
  if (test === undefined) {
    const count = heldOutCount(whatOf(config), config.testImages, training.count);
    return { ...made, ...holdOut(set, classes.length, count), close: async () => images.close() };
  }
  const testPixels = await readPixels(test, cacheFolder, context).catch((error: unknown) => {
    images.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    images.close();
    testPixels.close();
  };
  return { ...made, training: set, test: { images: testPixels, labels: test.labels }, close };
}

export const reader: SourceReader<Settings> = {
  fingerprint: (settings, _options, context) => fileTrouble(fingerprint(used(settings), context), context),
  read: (settings, _sourceSha256, { cacheFolder }, context) =>
    fileTrouble(read(used(settings), cacheFolder, context), context),
};
