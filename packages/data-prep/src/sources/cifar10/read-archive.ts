// oxlint-disable-next-line triple-slash-reference -- any package that compiles this file needs the declaration
/// <reference path="./tar-stream.d.ts" />
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError, type StageContext } from '@bakeoff/core';
import { extract, type Entry, type Extract } from 'tar-stream';
import { fileError } from '../../file-error.ts';
import type { ImageSet, SourceImages } from '../source.ts';
import { BATCH_BYTES, decodeRecords, IMAGE_BYTES, RECORD_BYTES } from './decode-batch.ts';
import { ARCHIVE_ADVICE, BATCH_IMAGES, CIFAR10_CLASSES, TEST_BATCH, TRAINING_BATCHES } from './official-archive.ts';

/** Large, because each piece is passed between threads several times. */
const PIECE_BYTES = 1 << 22;

function emptySet(count: number): ImageSet {
  return { images: new Uint8Array(count * IMAGE_BYTES), labels: new Uint8Array(count) };
}

/**
 * Decodes the records of one batch file as its bytes arrive; `carry` holds the part of a record that a piece ends with.
 */
async function readBatch(entry: Entry, set: ImageSet, first: number, name: string): Promise<void> {
  const carry = new Uint8Array(RECORD_BYTES);
  let carried = 0;
  let next = first;
  for await (const piece of entry as AsyncIterable<Uint8Array>) {
    let at = 0;
    if (carried > 0) {
      at = Math.min(RECORD_BYTES - carried, piece.length);
      carry.set(piece.subarray(0, at), carried);
      carried += at;
      if (carried < RECORD_BYTES) continue;
      decodeRecords(carry, set, next++, name);
      carried = 0;
    }
    const whole = Math.floor((piece.length - at) / RECORD_BYTES);
    decodeRecords(piece.subarray(at, at + whole * RECORD_BYTES), set, next, name);
    next += whole;
    at += whole * RECORD_BYTES;
    carry.set(piece.subarray(at));
    carried = piece.length - at;
  }
}

interface Batches {
  readonly training: ImageSet;
  readonly test: ImageSet;
}

async function readEntries(tar: Extract, batches: Batches, path: string): Promise<void> {
  const missing = new Set<string>([...TRAINING_BATCHES, TEST_BATCH]);
  const others: string[] = [];
  for await (const entry of tar) {
    const file = entry.header.name.split('/').at(-1) ?? '';
    if (!missing.delete(file)) {
      if (others.length < 4 && file !== '') others.push(entry.header.name);
      entry.resume();
      continue;
    }
    const name = `${entry.header.name} in ${path}`;
    if (entry.header.size !== BATCH_BYTES)
      throw new UserError({
        what: `${name} has the wrong size`,
        received: `${entry.header.size} bytes`,
        allowed: `${BATCH_BYTES} bytes: ${BATCH_IMAGES} records of ${RECORD_BYTES}`,
        fix: ARCHIVE_ADVICE,
      });
    const place = TRAINING_BATCHES.indexOf(file as (typeof TRAINING_BATCHES)[number]);
    await readBatch(entry, place < 0 ? batches.test : batches.training, Math.max(place, 0) * BATCH_IMAGES, name);
  }
  if (missing.size > 0) {
    throw new UserError({
      what: `the archive ${path} lacks ${[...missing].join(', ')}`,
      received: others.length > 0 ? `an archive with ${others.join(', ')}…` : 'an archive without other files',
      fix: ARCHIVE_ADVICE,
    });
  }
}

/** Passes the archive's bytes on, hashing and counting them. */
function tap(hash: Hash, totalBytes: number, log: StageContext['log']): Transform {
  let bytes = 0;
  return new Transform({
    readableHighWaterMark: PIECE_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const before = bytes;
      bytes += chunk.length;
      if (bytes === totalBytes || Math.floor((bytes * 50) / totalBytes) > Math.floor((before * 50) / totalBytes))
        log({ type: 'progress', label: 'unpacking', done: bytes, total: totalBytes, unit: 'bytes' });
      done(null, chunk);
    },
  });
}

function archiveError(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const damaged =
    code?.startsWith('Z_') === true || /unexpected end|invalid tar header|incorrect header check/i.test(message);
  if (damaged)
    return new UserError(
      {
        what: `the archive ${path} is damaged, cut short, or not a .tar.gz`,
        received: message.toLowerCase(),
        fix: ARCHIVE_ADVICE,
      },
      { cause: error },
    );
  return fileError(error, 'cannot read the CIFAR-10 archive', 'give the path of a readable cifar-10-binary.tar.gz');
}

/**
 * Reads a CIFAR-10 binary archive in one pass. It holds the pixels (184 MB) in memory, but never the archive's bytes.
 * Ids are the places in data_batch_1 … 5 (0 – 49,999) and in test_batch (0 – 9,999).
 * @throws UserError if the file is missing, unreadable, damaged, or another archive.
 */
export async function readArchive(path: string, context: Pick<StageContext, 'log' | 'signal'>): Promise<SourceImages> {
  const hash = createHash('sha256');
  const batches = { training: emptySet(TRAINING_BATCHES.length * BATCH_IMAGES), test: emptySet(BATCH_IMAGES) };
  try {
    const { size } = await stat(path);
    const tar = extract();
    const pieces = createReadStream(path, { highWaterMark: PIECE_BYTES });
    const [unpacked, read] = await Promise.allSettled([
      pipeline(pieces, tap(hash, size, context.log), createGunzip({ chunkSize: PIECE_BYTES }), tar, {
        signal: context.signal,
      }),
      readEntries(tar, batches, path),
    ]);
    // If the reader fails, the pipeline closes too, and vice versa. The reader's own error says more.
    if (read.status === 'rejected' && read.reason instanceof UserError) throw read.reason;
    if (unpacked.status === 'rejected') throw unpacked.reason;
    if (read.status === 'rejected') throw read.reason;
  } catch (error) {
    context.signal.throwIfAborted();
    throw archiveError(error, path);
  }
  return { classes: CIFAR10_CLASSES, ...batches, sha256: hash.digest('hex') };
}
