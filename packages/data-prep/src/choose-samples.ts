import { imageBytes, type ImageShape, type ShardContent } from '@bakeoff/core';
import type { ExaminedSplit } from './findings/examined-split.ts';

/** Pixels of all samples together, in bytes: a page that shows them stays small. */
const BUDGET_BYTES = 96 * 1024;
const MOST_PER_CLASS = 8;
/** Longest sides to which samples are reduced, in pixels, until one of each class fits. */
const SIDES = [48, 32, 24, 16];

/** A few training images of each class, reduced where they are large. */
export interface Samples {
  readonly content: ShardContent;
  readonly imageShape: ImageShape;
}

interface Scale {
  /** Pixels of a side that become one. */
  readonly factor: number;
  readonly shape: ImageShape;
}

function scaleTo([height, width, channels]: ImageShape, side: number): Scale {
  const factor = Math.ceil(Math.max(height, width) / side);
  return {
    factor,
    shape: [Math.max(1, Math.floor(height / factor)), Math.max(1, Math.floor(width / factor)), channels],
  };
}

/** The mean of each square of `factor`² pixels. */
function reduce(image: Uint8Array, width: number, { factor, shape: [rows, columns, channels] }: Scale): Uint8Array {
  if (factor === 1) return image;
  return Uint8Array.from({ length: rows * columns * channels }, (_, at) => {
    const channel = at % channels;
    const pixel = Math.floor(at / channels);
    const [top, left] = [Math.floor(pixel / columns) * factor, (pixel % columns) * factor];
    let sum = 0;
    for (let y = top; y < top + factor; y++)
      for (let x = left; x < left + factor; x++) sum += image[(y * width + x) * channels + channel]!;
    return Math.round(sum / factor ** 2);
  });
}

/** The first images of each class in the order of the split, class by class, at most `perClass`. */
function firstOfEach({ set, ids }: ExaminedSplit, classes: number, perClass: number): number[] {
  const chosen = Array.from({ length: classes }, (): number[] => []);
  let open = classes;
  for (const id of ids) {
    const known = chosen[set.labels[id]!];
    if (known === undefined || known.length === perClass) continue;
    known.push(id);
    if (known.length === perClass && --open === 0) break;
  }
  return chosen.flat();
}

/** Samples of the training split; of more classes than fit, the first ones. */
export function chooseSamples(train: ExaminedSplit, classes: number, imageShape: ImageShape): Samples {
  const scales = SIDES.map((side) => scaleTo(imageShape, side));
  const scale = scales.find(({ shape }) => classes * imageBytes(shape) <= BUDGET_BYTES) ?? scales.at(-1)!;
  const fitting = Math.floor(BUDGET_BYTES / imageBytes(scale.shape));
  const perClass = Math.min(Math.max(1, Math.floor(fitting / classes)), MOST_PER_CLASS);
  const chosen = firstOfEach(train, Math.min(classes, fitting), perClass);
  const images = new Uint8Array(chosen.length * imageBytes(scale.shape));
  chosen.forEach((id, i) => {
    const image = train.set.images.image(id);
    images.set(reduce(image, imageShape[1], scale), i * imageBytes(scale.shape));
  });
  const labels = Uint8Array.from(chosen, (id) => train.set.labels[id]!);
  return { content: { images, labels, ids: Int32Array.from(chosen) }, imageShape: scale.shape };
}
