import { type ImageShape, imageBytes, readShard, type StageContext } from '@bakeoff/core';
import { augmentImages } from './augment/augment-images.ts';
import type { PrepareViewsInput } from './prepare-views.ts';

const ROWS = 10;
const VIEWS = 9;
const ZOOM = 3;
/** White pixels between images, before zooming. */
const GAP = 2;

/** The first image of each class, then the next ones, until the sheet is full. */
function chooseRows(labels: Uint8Array): number[] {
  const seen = new Map<number, number>();
  const turns = Array.from(labels, (label, place) => {
    const turn = seen.get(label) ?? 0;
    seen.set(label, turn + 1);
    return { turn, label, place };
  });
  return turns
    .sort((a, b) => a.turn - b.turn || a.label - b.label)
    .slice(0, ROWS)
    .map(({ place }) => place);
}

interface Sheet {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly imageShape: ImageShape;
}

function blankSheet(columns: number, rows: number, imageShape: ImageShape): Sheet {
  const [imageHeight, imageWidth, channels] = imageShape;
  const width = columns * (imageWidth + GAP) + GAP;
  const height = rows * (imageHeight + GAP) + GAP;
  return { pixels: new Uint8Array(width * height * channels).fill(255), width, height, imageShape };
}

function place({ pixels, width, imageShape }: Sheet, column: number, row: number, image: Uint8Array): void {
  const [imageHeight, imageWidth, channels] = imageShape;
  const rowBytes = imageWidth * channels;
  for (let y = 0; y < imageHeight; y++) {
    const line = GAP + row * (imageHeight + GAP) + y;
    const at = (line * width + GAP + column * (imageWidth + GAP)) * channels;
    pixels.set(image.subarray(y * rowBytes, (y + 1) * rowBytes), at);
  }
}

/**
 * A contact sheet (PNG) of ten training images, one per row, and one of every class if there are ten. A row has the
 * original first, then its views 1, 2 … (at most nine). Views are drawn as `prepareViews` draws them, whether or not
 * they have been prepared.
 * @throws UserError if a training shard is missing or damaged.
 */
export async function previewViews(
  { index, augmentation }: PrepareViewsInput,
  context: Pick<StageContext, 'store'>,
): Promise<Uint8Array> {
  const [first] = index.splits.train.shards;
  if (first === undefined) throw new Error(`dataset ${index.datasetId} has no training shards`);
  const { images, labels, ids } = await readShard(context.store, first, index);
  const rows = chooseRows(labels);
  const views = Math.min(augmentation.views, VIEWS);
  const { imageShape } = index;
  const bytes = imageBytes(imageShape);
  const sheet = blankSheet(1 + views, rows.length, imageShape);
  rows.forEach((source, row) => {
    const original = images.subarray(source * bytes, (source + 1) * bytes);
    place(sheet, 0, row, original);
    const shard = { images: original, ids: ids.subarray(source, source + 1) };
    for (let view = 1; view <= views; view++)
      place(sheet, view, row, augmentImages(shard, imageShape, augmentation, view));
  });
  const { default: sharp } = await import('sharp');
  return sharp(sheet.pixels, { raw: { width: sheet.width, height: sheet.height, channels: 3 } })
    .resize(sheet.width * ZOOM, sheet.height * ZOOM, { kernel: 'nearest' })
    .png()
    .toBuffer();
}
