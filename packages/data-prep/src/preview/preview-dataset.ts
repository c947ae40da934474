import type { AugmentationConfig, DatasetIndex, ImageShape, StageContext } from '@bakeoff/core';
import { augmentImages } from '../augment/augment-images.ts';
import { classExamples } from './class-examples.ts';
import { type Canvas, drawable, drawText, TEXT_HEIGHT, textWidth } from './draw-text.ts';

/** Images of a row. */
const COLUMNS = 10;
/** Classes below each other; further ones are beside them. */
const ROWS = 25;
/** Height in pixels to which images are enlarged, by whole factors. */
const SHOWN_HEIGHT = 96;
/** White pixels around images. */
const GAP = 6;
const LONGEST_NAME = 20;

export interface PreviewInput {
  readonly index: DatasetIndex;
  /** Null: the rows hold further images of their classes. */
  readonly augmentation: AugmentationConfig | null;
}

/** A picture, and how many views of an image it shows. */
export interface Preview {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly views: number;
}

interface Row {
  readonly name: string;
  readonly images: readonly Uint8Array[];
}

/** What the picture calls a class; a name in a script that cannot be drawn is replaced by the class's number. */
export function shownName(name: string, label: number): string {
  const text = drawable(name) ?? `class ${label}`;
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 2)}..` : text;
}

function viewsShown(augmentation: AugmentationConfig | null): number {
  return Math.min(augmentation?.views ?? 0, COLUMNS - 1);
}

async function rowsOf({ index, augmentation }: PreviewInput, context: Pick<StageContext, 'store'>): Promise<Row[]> {
  const examples = await classExamples(index, augmentation === null ? COLUMNS : 1, context);
  const views = viewsShown(augmentation);
  return examples.map(({ label, images }) => {
    const originals = images.map(({ pixels }) => pixels);
    const copies = Array.from({ length: views }, (_, view) => {
      const shard = { images: originals[0]!, ids: Int32Array.of(images[0]!.id) };
      return augmentImages(shard, index.imageShape, augmentation!, view + 1);
    });
    return { name: shownName(index.classes[label]!, label), images: [...originals, ...copies] };
  });
}

/** Draws an image of 1 or 3 channels, every pixel as a square of `zoom`². */
function drawImage(
  canvas: Canvas,
  image: Uint8Array,
  shape: ImageShape,
  zoom: number,
  left: number,
  top: number,
): void {
  const [height, width, channels] = shape;
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels;
      const to = ((top + y) * canvas.width + left + x) * 3;
      for (let c = 0; c < 3; c++) canvas.pixels[to + c] = image[from + (channels === 1 ? 0 : c)]!;
    }
  }
}

function draw(rows: readonly Row[], imageShape: ImageShape): Canvas {
  const zoom = Math.max(1, Math.floor(SHOWN_HEIGHT / imageShape[0]));
  const [tileHeight, tileWidth] = [imageShape[0] * zoom, imageShape[1] * zoom];
  const rowHeight = Math.max(tileHeight, TEXT_HEIGHT) + GAP;
  const nameWidth = Math.max(...rows.map(({ name }) => textWidth(name))) + 2 * GAP;
  const blockWidth = nameWidth + Math.max(...rows.map(({ images }) => images.length)) * (tileWidth + GAP) + GAP;
  const width = Math.ceil(rows.length / ROWS) * blockWidth;
  const height = Math.min(rows.length, ROWS) * rowHeight + GAP;
  const canvas = { pixels: new Uint8Array(width * height * 3).fill(255), width, height };
  rows.forEach(({ name, images }, i) => {
    const [left, top] = [Math.floor(i / ROWS) * blockWidth, GAP + (i % ROWS) * rowHeight];
    drawText(canvas, name, left + GAP, top + Math.max(0, Math.floor((tileHeight - TEXT_HEIGHT) / 2)));
    images.forEach((image, k) =>
      drawImage(canvas, image, imageShape, zoom, left + nameWidth + k * (tileWidth + GAP), top),
    );
  });
  return canvas;
}

/**
 * A contact sheet (PNG) of the training images: a row per class, named, with its first ten images; or, with an
 * augmentation, with its first image and that image's views 1, 2 … (at most nine), drawn as `prepareViews` draws them,
 * whether or not they have been prepared.
 * @throws UserError if a training shard is missing or damaged.
 */
export async function previewDataset(input: PreviewInput, context: Pick<StageContext, 'store'>): Promise<Preview> {
  const { pixels, width, height } = draw(await rowsOf(input, context), input.index.imageShape);
  const { default: sharp } = await import('sharp');
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { png, width, height, views: viewsShown(input.augmentation) };
}
