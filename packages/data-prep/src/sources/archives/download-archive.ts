import { constants } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, type StageContext } from '@bakeoff/core';
import { fileError } from '../../file-error.ts';
import { sha256File } from '../../sha256-file.ts';
import type { RemoteArchive } from './remote-archive.ts';

export interface DownloadOptions {
  readonly cacheFolder: string;
  readonly fetch?: typeof fetch;
  /** How to name the archive that was got by other means, e.g. `--archive PATH`. */
  readonly option: string;
  /**
   * Waits between attempts after a broken connection. An attempt that receives data starts again with the first wait.
   */
  readonly retryWaitsMs?: readonly number[];
}

type Context = Pick<StageContext, 'log' | 'signal'>;

function byHand({ option }: DownloadOptions): string {
  return `try again later (what has arrived is kept), or get the file by other means and name it with ${option}`;
}

async function bytesOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The offset in the file at which this answer's body belongs. @throws UserError if the answer is not a part of the
 * archive.
 */
function bodyStart(response: Response, archive: RemoteArchive, asked: number, fix: string): number {
  const refuse = (received: string): never => {
    throw new UserError({
      what: `cannot download ${archive.url}`,
      received,
      allowed: `a file of ${archive.bytes} bytes`,
      fix,
    });
  };
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (range === null || Number(range[1]) !== asked || (range[2] !== '*' && Number(range[2]) !== archive.bytes))
      refuse(`content-range ${response.headers.get('content-range')} to a request from byte ${asked}`);
    return asked;
  }
  if (response.status !== 200) refuse(`HTTP ${response.status} ${response.statusText}`.trim());
  const length = response.headers.get('content-length');
  if (length !== null && Number(length) !== archive.bytes) refuse(`a file of ${length} bytes`);
  return 0;
}

/**
 * Makes one request and appends to the partial file from where it ends, or from the start if the server ignores ranges.
 * Bytes are written at their own offsets, so two concurrent downloads write the same file.
 */
async function receive(
  archive: RemoteArchive,
  file: FileHandle,
  options: DownloadOptions,
  context: Context,
): Promise<void> {
  const have = (await file.stat()).size;
  const response = await (options.fetch ?? fetch)(archive.url, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    signal: context.signal,
  });
  let at = bodyStart(response, archive, have, byHand(options));
  let told = at;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    if (at + piece.length > archive.bytes)
      throw new UserError({
        what: `cannot download ${archive.url}`,
        received: 'more bytes than the archive has',
        allowed: `${archive.bytes} bytes`,
        fix: byHand(options),
      });
    await file.write(piece, 0, piece.length, at);
    at += piece.length;
    if (at - told >= 1 << 20 || at === archive.bytes) {
      told = at;
      context.log({
        type: 'progress',
        label: `downloading ${archive.fileName}`,
        done: at,
        total: archive.bytes,
        unit: 'bytes',
      });
    }
  }
}

/** Network trouble as fetch reports it (its cause says what happened), or undefined for other errors. */
function networkTrouble(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined;
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || (cause as NodeJS.ErrnoException).code || error.message
    : error.message;
}

async function fill(
  archive: RemoteArchive,
  file: FileHandle,
  options: DownloadOptions,
  context: Context,
): Promise<void> {
  const waits = options.retryWaitsMs ?? [1000, 4000, 16_000];
  // If no byte was received, no connection broke. A server that cannot be reached at all is reported at once.
  let tries = waits.length;
  for (;;) {
    const before = (await file.stat()).size;
    if (before === archive.bytes) return;
    let trouble = 'the connection ended early';
    try {
      await receive(archive, file, options, context);
    } catch (error) {
      context.signal.throwIfAborted();
      const network = networkTrouble(error);
      if (network === undefined) throw error;
      trouble = network;
    }
    const have = (await file.stat()).size;
    if (have === archive.bytes) return;
    tries = have > before ? 0 : tries + 1;
    const wait = waits[tries];
    if (wait === undefined)
      throw new UserError({
        what: `cannot download ${archive.url}`,
        received: `${trouble}, after ${have} of ${archive.bytes} bytes`,
        fix: byHand(options),
      });
    context.log({
      type: 'warning',
      text: `download stopped at ${have} of ${archive.bytes} bytes (${trouble}); trying again in ${wait / 1000} s`,
    });
    await sleep(wait, undefined, { signal: context.signal });
  }
}

async function downloadInto(
  path: string,
  archive: RemoteArchive,
  options: DownloadOptions,
  context: Context,
): Promise<void> {
  const part = `${path}.part`;
  await mkdir(options.cacheFolder, { recursive: true });
  if (((await bytesOf(part)) ?? 0) > archive.bytes) await rm(part);
  const file = await open(part, constants.O_RDWR | constants.O_CREAT);
  try {
    await fill(archive, file, options, context);
  } finally {
    await file.close();
  }
  const received = await sha256File(part, context.signal);
  if (received.sha256 !== archive.sha256) {
    await rm(part, { force: true });
    throw new UserError({
      what: `the download of ${archive.url} is not the expected archive; it was removed`,
      received: `SHA-256 ${received.sha256}`,
      allowed: `SHA-256 ${archive.sha256}`,
      fix: byHand(options),
    });
  }
  await rename(part, path);
}

/**
 * The path of the archive in the cache folder. If it is not there yet, it is downloaded: a partial download is resumed,
 * a broken connection is retried, and the file gets its name only when size and digest are right.
 * @throws UserError without network, for an answer that is not the archive, a wrong digest, or a full or read-only
 * cache folder.
 */
export async function downloadArchive(
  archive: RemoteArchive,
  options: DownloadOptions,
  context: Context,
): Promise<string> {
  const path = join(options.cacheFolder, archive.fileName);
  try {
    if ((await bytesOf(path)) === undefined) await downloadInto(path, archive, options, context);
  } catch (error) {
    context.signal.throwIfAborted();
    // A concurrent download may have finished the same file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && (await bytesOf(path)) === archive.bytes) return path;
    throw fileError(
      error,
      `cannot keep ${archive.fileName} in the cache folder ${options.cacheFolder}`,
      'free some space, or choose a folder that is writable',
    );
  }
  return path;
}
