import { UserError, type StageContext } from '@bakeoff/core';
import type { Entry } from 'tar-stream';
import { type ArchiveAdvice, readTar } from '../archives/read-tar.ts';
import { PixelsInMemory } from '../pixels.ts';
import type { ImageSet, SourceImages } from '../source.ts';
import { CIFAR_SHAPE, type CifarDialect, PIXEL_BYTES, recordBytes } from './cifar-dialect.ts';
import { decodeRecords, type GrowingSet, type RecordsPlace } from './decode-records.ts';

type Context = Pick<StageContext, 'log' | 'signal'>;

/** More than any archive of this layout has; a larger size is a damaged one. */
const MOST_IMAGES = 1_000_000;

function adviceOf({ name, official, advice }: CifarDialect): ArchiveAdvice {
  return { what: `${name} archive`, advice, fileName: official.fileName };
}

function emptySet(count: number): GrowingSet {
  return { pixels: new Uint8Array(count * PIXEL_BYTES), labels: new Uint8Array(count) };
}

function setOf({ pixels, labels }: GrowingSet): ImageSet {
  return { images: new PixelsInMemory(pixels, CIFAR_SHAPE), labels };
}

/** The files of an archive that are read, and what else is in it. */
class Contents {
  private readonly missing: Set<string>;
  private readonly others: string[] = [];

  constructor(
    private readonly dialect: CifarDialect,
    private readonly path: string,
  ) {
    this.missing = new Set([...dialect.trainingFiles, dialect.testFile]);
  }

  /** The name of a file to read, and its number of records; undefined for another one. @throws UserError for a wrong size */
  expect({ header: { name, size = 0 } }: Entry): { file: string; records: number } | undefined {
    const file = name.split('/').at(-1) ?? '';
    if (!this.missing.delete(file)) {
      if (this.others.length < 4 && file !== '') this.others.push(name);
      return undefined;
    }
    const { fileImages, advice } = this.dialect;
    const bytes = recordBytes(this.dialect);
    const records = size / bytes;
    const isRight =
      fileImages === null ? records >= 1 && records <= MOST_IMAGES && size % bytes === 0 : records === fileImages;
    if (isRight) return { file, records };
    throw new UserError({
      what: `${name} in ${this.path} has the wrong size`,
      received: `${size} bytes`,
      allowed:
        fileImages === null
          ? `whole records of ${bytes} bytes`
          : `${fileImages * bytes} bytes: ${fileImages} records of ${bytes}`,
      fix: advice,
    });
  }

  /** @throws UserError if a file did not come. */
  requireAll(): void {
    if (this.missing.size === 0) return;
    const { name, others, advice } = this.dialect;
    const other = this.others.map((each) => others[each.split('/').at(-1)!]).find((source) => source !== undefined);
    throw new UserError({
      what: `the archive ${this.path} lacks ${[...this.missing].join(', ')}`,
      received:
        this.others.length > 0 ? `an archive with ${this.others.join(', ')}…` : 'an archive without other files',
      fix:
        other === undefined
          ? advice
          : `this looks like the archive of source ${other}: name that source, or ${name}'s own archive`,
    });
  }
}

/** Decodes the records of one file as its bytes arrive; `carry` holds the part of a record that a piece ends with. */
async function readRecords(entry: Entry, dialect: CifarDialect, place: RecordsPlace): Promise<void> {
  const bytes = recordBytes(dialect);
  const carry = new Uint8Array(bytes);
  let carried = 0;
  let next = place.fileStart;
  for await (const piece of entry as AsyncIterable<Uint8Array>) {
    let at = 0;
    if (carried > 0) {
      at = Math.min(bytes - carried, piece.length);
      carry.set(piece.subarray(0, at), carried);
      carried += at;
      if (carried < bytes) continue;
      decodeRecords(dialect, carry, place, next++);
      carried = 0;
    }
    const whole = Math.floor((piece.length - at) / bytes);
    decodeRecords(dialect, piece.subarray(at, at + whole * bytes), place, next);
    next += whole;
    at += whole * bytes;
    carry.set(piece.subarray(at));
    carried = piece.length - at;
  }
}

/**
 * Reads a binary CIFAR archive in one pass. It holds the pixels (184 MB of 60,000 images) in memory, but never the
 * archive's bytes. Ids are places in the training files, one after the other, and in the test file.
 * @throws UserError if the file is missing, unreadable, damaged, or another archive.
 */
export async function readCifarArchive(dialect: CifarDialect, path: string, context: Context): Promise<SourceImages> {
  const { trainingFiles, testFile, fileImages } = dialect;
  const contents = new Contents(dialect, path);
  let training = emptySet(trainingFiles.length * (fileImages ?? 0));
  let test = emptySet(0);
  const sha256 = await readTar(path, adviceOf(dialect), context, async (entry) => {
    const expected = contents.expect(entry);
    if (expected === undefined) return void entry.resume();
    const { file, records } = expected;
    const name = `${entry.header.name} in ${path}`;
    if (file === testFile) test = emptySet(records);
    else if (fileImages === null) training = emptySet(records);
    const set = file === testFile ? test : training;
    const fileStart = file === testFile ? 0 : trainingFiles.indexOf(file) * records;
    await readRecords(entry, dialect, { set, fileStart, name });
  });
  contents.requireAll();
  return { classes: dialect.classes, imageShape: CIFAR_SHAPE, training: setOf(training), test: setOf(test), sha256 };
}

/** How many images an archive has, by the sizes of its files. @throws UserError as `readCifarArchive` does. */
export async function countCifarArchive(
  dialect: CifarDialect,
  path: string,
  context: Context,
): Promise<{ readonly sha256: string; readonly trainImages: number; readonly testImages: number }> {
  const contents = new Contents(dialect, path);
  let [trainImages, testImages] = [0, 0];
  const sha256 = await readTar(path, adviceOf(dialect), context, async (entry) => {
    const expected = contents.expect(entry);
    if (expected?.file === dialect.testFile) testImages += expected.records;
    else trainImages += expected?.records ?? 0;
    entry.resume();
  });
  contents.requireAll();
  return { sha256, trainImages, testImages };
}
