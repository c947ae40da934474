// oxlint-disable-next-line triple-slash-reference -- any package that compiles this file needs the declaration
/// <reference path="./tar-stream.d.ts" />
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { UserError, type StageContext } from '@bakeoff/core';
import { extract, type Entry } from 'tar-stream';
import { fileError } from '../../file-error.ts';

/** Large, because each piece is passed between threads several times. */
const PIECE_BYTES = 1 << 22;

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

/** What to say of an archive that cannot be read. */
export interface ArchiveAdvice {
  /** What was to be read, e.g. `CIFAR-10 archive`. */
  readonly what: string;
  /** What to give instead of a wrong or damaged one. */
  readonly advice: string;
  readonly fileName: string;
}

function archiveError(error: unknown, path: string, { what, advice, fileName }: ArchiveAdvice): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const damaged =
    code?.startsWith('Z_') === true || /unexpected end|invalid tar header|incorrect header check/i.test(message);
  if (damaged)
    return new UserError(
      {
        what: `the archive ${path} is damaged, cut short, or not a .tar.gz`,
        received: message.toLowerCase(),
        fix: advice,
      },
      { cause: error },
    );
  return fileError(error, `cannot read the ${what}`, `give the path of a readable ${fileName}`);
}

/**
 * Reads a .tar.gz in one pass: `readEntry` gets each entry in order and has to read it or to `resume()` it.
 * @returns SHA-256 (hex) of the file
 * @throws UserError if the file is missing, unreadable or damaged, or if `readEntry` throws it.
 */
export async function readTar(
  path: string,
  advice: ArchiveAdvice,
  { log, signal }: Pick<StageContext, 'log' | 'signal'>,
  readEntry: (entry: Entry) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  try {
    const { size } = await stat(path);
    const tar = extract();
    const readAll = async (): Promise<void> => {
      for await (const entry of tar) await readEntry(entry);
    };
    const pieces = createReadStream(path, { highWaterMark: PIECE_BYTES });
    const [unpacked, read] = await Promise.allSettled([
      pipeline(pieces, tap(hash, size, log), createGunzip({ chunkSize: PIECE_BYTES }), tar, { signal }),
      readAll(),
    ]);
    // If the reader fails, the pipeline closes too, and vice versa. The reader's own error says more.
    if (read.status === 'rejected' && read.reason instanceof UserError) throw read.reason;
    if (unpacked.status === 'rejected') throw unpacked.reason;
    if (read.status === 'rejected') throw read.reason;
  } catch (error) {
    signal.throwIfAborted();
    throw archiveError(error, path, advice);
  }
  return hash.digest('hex');
}
