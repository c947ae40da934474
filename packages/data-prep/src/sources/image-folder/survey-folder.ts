import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listImages, type ImageFile } from './list-images.ts';

/** What a folder of pictures holds, found without decoding any. */
export interface FolderSurvey {
  /** The folder of the training images: the given one, or its `train`. */
  readonly path: string;
  /** Its `test`, `val` or `validation` beside `train`; undefined: test images are held out. */
  readonly testPath: string | undefined;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  /** Of the shorter sides of a sample of the images, in pixels. */
  readonly medianSide: number;
  /** Whether every image of the sample has one channel. */
  readonly gray: boolean;
}

const SAMPLE = 64;
const TEST_NAMES = ['test', 'val', 'validation'];

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** Up to `SAMPLE` files, evenly spread. */
function sampled(files: readonly ImageFile[]): ImageFile[] {
  const step = Math.max(1, files.length / SAMPLE);
  return Array.from({ length: Math.min(SAMPLE, files.length) }, (_, i) => files[Math.floor(i * step)]!);
}

async function splitsOf(folder: string): Promise<Pick<FolderSurvey, 'path' | 'testPath'>> {
  if (!(await isFolder(join(folder, 'train')))) return { path: folder, testPath: undefined };
  for (const name of TEST_NAMES)
    if (await isFolder(join(folder, name))) return { path: join(folder, 'train'), testPath: join(folder, name) };
  return { path: folder, testPath: undefined };
}

/**
 * Looks at a folder of pictures: its classes, how many images each has, and of which size images are.
 * @throws UserError if it is not a folder of class-named folders of images.
 */
export async function surveyImageFolder(folder: string): Promise<FolderSurvey> {
  const splits = await splitsOf(folder);
  const { classes, files } = await listImages(splits.path);
  const { default: sharp } = await import('sharp');
  const heads = await Promise.all(
    // A broken image is for data preparation to name.
    sampled(files).map(({ path }) =>
      sharp(path)
        .metadata()
        .catch(() => undefined),
    ),
  );
  const known = heads.filter((head) => head !== undefined);
  const sides = known.map(({ width, height }) => Math.min(width, height)).sort((a, b) => a - b);
  return {
    ...splits,
    classes: classes.map((name, label) => ({ name, images: files.filter((file) => file.label === label).length })),
    medianSide: sides[Math.floor(sides.length / 2)] ?? 32,
    gray: known.length > 0 && known.every(({ space }) => space === 'b-w'),
  };
}
