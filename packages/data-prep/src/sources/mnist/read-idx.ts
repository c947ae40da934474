import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UserError } from '@bakeoff/core';
import { fileError } from '../../file-error.ts';
import type { SourceContext } from '../source.ts';

/** A file of the IDX format (LeCun, the MNIST page): magic number, big-endian counts, bytes. */
export interface IdxFile {
  /** [n] of labels, [n, height, width] of images. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
  /** SHA-256 (hex) of the file as it is, compressed or not. */
  readonly sha256: string;
}

/** What a file should hold. */
export interface IdxWanted {
  readonly kind: 'images' | 'labels';
  /** The data set, for messages. */
  readonly name: string;
  /** Height and width of images. */
  readonly size: readonly [number, number];
}

const UNSIGNED_BYTES = 0x08;
const DIMENSIONS = { images: 3, labels: 1 } as const;
const MOST_BYTES = 2 ** 31;

function adviceOf({ kind, name }: IdxWanted): string {
  return `give ${name}'s four IDX files as they are offered (…-images-idx3-ubyte.gz and …-labels-idx1-ubyte.gz); this one has to hold ${kind}`;
}

function refuse(path: string, wanted: IdxWanted, received: string, allowed: string, cause?: unknown): never {
  throw new UserError(
    { what: `${path} is not a whole IDX file of ${wanted.kind}`, received, allowed, fix: adviceOf(wanted) },
    cause === undefined ? {} : { cause },
  );
}

const KINDS: Readonly<Record<number, string>> = { 1: 'labels', 3: 'images' };

/** The shape that a header says. @throws UserError if it is another file's */
function shapeIn(head: Buffer, path: string, wanted: IdxWanted): readonly number[] {
  const dimensions = DIMENSIONS[wanted.kind];
  const expected = `magic number 0x0000080${dimensions} (unsigned bytes in ${dimensions} dimension${dimensions === 1 ? '' : 's'}: ${wanted.kind})`;
  if (head.length < 4 + 4 * dimensions) refuse(path, wanted, `${head.length} bytes`, expected);
  const magic = head.readUInt32BE(0);
  if (magic !== ((UNSIGNED_BYTES << 8) | dimensions)) {
    const kind = magic >>> 8 === UNSIGNED_BYTES ? KINDS[magic & 0xff] : undefined;
    const hex = `0x${magic.toString(16).padStart(8, '0')}`;
    refuse(path, wanted, `magic number ${hex}${kind === undefined ? '' : `: a file of ${kind}`}`, expected);
  }
  const shape = Array.from({ length: dimensions }, (_, i) => head.readUInt32BE(4 + 4 * i));
  const [, ...size] = shape;
  if (wanted.kind === 'images' && size.join() !== wanted.size.join())
    refuse(path, wanted, `images of ${size.join('×')}`, `images of ${wanted.size.join('×')}`);
  return shape;
}

async function startsAsGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

interface OpenIdx {
  readonly pieces: Readable;
  /** SHA-256 (hex) of what was read. */
  readonly digest: () => string;
  readonly close: () => void;
}

/** The bytes of a file, unpacked if it is gzip's, and hashed as they are. */
async function openIdx(path: string, { signal }: SourceContext): Promise<OpenIdx> {
  const hash = createHash('sha256');
  const isGzip = await startsAsGzip(path);
  const file = createReadStream(path, { highWaterMark: 1 << 20, signal });
  file.on('data', (piece) => void hash.update(piece as Buffer));
  const opened = { digest: () => hash.digest('hex'), close: () => void file.destroy() };
  if (!isGzip) return { ...opened, pieces: file };
  const unpacked = createGunzip({ chunkSize: 1 << 20 });
  file.on('error', (error) => unpacked.destroy(error));
  return { ...opened, pieces: file.pipe(unpacked) };
}

/** A UserError for a damaged file or one that cannot be opened; any other error unchanged. */
function idxError(error: unknown, path: string, wanted: IdxWanted, context: SourceContext): unknown {
  context.signal.throwIfAborted();
  const { code, message } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_') === true) {
    return new UserError(
      { what: `${path} is damaged or cut short`, received: message.toLowerCase(), fix: adviceOf(wanted) },
      { cause: error },
    );
  }
  return fileError(error, `cannot read ${basename(path)} of ${wanted.name}`, adviceOf(wanted));
}

/**
 * Reads an IDX file, plain or gzip. Its bytes have to be as many as its counts say; what they say is allocated only up
 * to 2 GiB.
 * @throws UserError if it is missing, damaged, holds something else, or its counts lie.
 */
export async function readIdx(path: string, wanted: IdxWanted, context: SourceContext): Promise<IdxFile> {
  try {
    const { pieces, digest, close } = await openIdx(path, context);
    try {
      return { ...(await collect(pieces, path, wanted)), sha256: digest() };
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw idxError(error, path, wanted, context);
  }
}

type Collected = Pick<IdxFile, 'shape' | 'data'>;

async function collect(pieces: AsyncIterable<Buffer>, path: string, wanted: IdxWanted): Promise<Collected> {
  const headBytes = 4 + 4 * DIMENSIONS[wanted.kind];
  let head = Buffer.alloc(0);
  let made: Collected | undefined;
  let received = 0;
  for await (const piece of pieces) {
    let rest = piece;
    if (made === undefined) {
      head = Buffer.concat([head, piece]);
      if (head.length < headBytes) continue;
      made = allocate(shapeIn(head, path, wanted), path, wanted);
      rest = head.subarray(headBytes);
    }
    // Bytes beyond the counts are only counted.
    if (received < made.data.length) made.data.set(rest.subarray(0, made.data.length - received), received);
    received += rest.length;
  }
  const { shape, data } = made ?? allocate(shapeIn(head, path, wanted), path, wanted);
  if (received === data.length) return { shape, data };
  return refuse(
    path,
    wanted,
    `${received} bytes after the header`,
    `${data.length} bytes, as its counts ${shape.join('×')} say`,
  );
}

function allocate(shape: readonly number[], path: string, wanted: IdxWanted): Collected {
  const bytes = shape.reduce((product, extent) => product * extent, 1);
  if (bytes === 0 || bytes > MOST_BYTES)
    refuse(path, wanted, `counts ${shape.join('×')}`, `1 to ${MOST_BYTES} bytes of ${wanted.kind}`);
  return { shape, data: new Uint8Array(bytes) };
}
