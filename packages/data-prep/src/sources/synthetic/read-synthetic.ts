import { canonicalJson, everySettingUsed, Random, sha256, type SourceFingerprint } from '@bakeoff/core';
import { PixelsInMemory } from '../pixels.ts';
import type { ImageSet, SourceContext, SourceReader } from '../source.ts';
import { IMAGE_BYTES, SYNTHETIC_SHAPE } from './image-size.ts';
import { renderImage } from './render-image.ts';
import type { Settings } from './settings.ts';
import { SHAPES } from './shapes.ts';

/** Raised whenever the generator draws different pixels from the same settings. */
const GENERATOR_VERSION = 1;
const CLASSES = Object.keys(SHAPES);

/** The digest of the generator's settings: they determine every pixel. */
export function fingerprintSynthetic({ images, testImages, sourceSeed, ...unused }: Settings): SourceFingerprint {
  everySettingUsed(unused);
  const settings = { generator: 'shapes', version: GENERATOR_VERSION, images, testImages, sourceSeed };
  return {
    sha256: sha256(canonicalJson(settings)),
    trainImages: images,
    testImages,
    classes: CLASSES,
    imageShape: SYNTHETIC_SHAPE,
  };
}

/** Image `index` of a part: a pure function of (seed, part, index), with the label index mod 10. */
function generate(
  seed: number,
  part: 'training' | 'test',
  count: number,
  context: SourceContext,
): ImageSet & { images: PixelsInMemory } {
  const images = new Uint8Array(count * IMAGE_BYTES);
  const labels = new Uint8Array(count);
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const label = i % CLASSES.length;
    labels[i] = label;
    images.set(renderImage(SHAPES[CLASSES[label]!]!, random.split(part, i)), i * IMAGE_BYTES);
    if ((i + 1) % 1000 === 0 || i + 1 === count) {
      context.signal.throwIfAborted();
      context.log({ type: 'progress', label: `generating ${part} images`, done: i + 1, total: count, unit: 'images' });
    }
  }
  return { images: new PixelsInMemory(images, SYNTHETIC_SHAPE), labels };
}

/** Generates the images. A longer set begins with every shorter one of the same seed. */
export function readSynthetic(config: Settings, context: SourceContext) {
  const { sha256 } = fingerprintSynthetic(config);
  return {
    classes: CLASSES,
    imageShape: SYNTHETIC_SHAPE,
    training: generate(config.sourceSeed, 'training', config.images, context),
    test: generate(config.sourceSeed, 'test', config.testImages, context),
    sha256,
  };
}

export const reader: SourceReader<Settings> = {
  fingerprint: async (settings) => fingerprintSynthetic(settings),
  read: async (settings, _sourceSha256, _options, context) => readSynthetic(settings, context),
};
