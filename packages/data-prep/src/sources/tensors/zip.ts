import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { Crc32 } from '@bakeoff/core/crc32';
import { refuseFile } from './tensor-file.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_DIRECTORY_BYTES = 1 << 24;
const PIECE_BYTES = 1 << 20;

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** The file's bytes. @throws UserError if they are damaged or not as many as the directory says */
  bytes(): AsyncIterable<Uint8Array>;
}

interface Directory {
  readonly start: number;
  readonly bytes: number;
}

async function readAt(file: FileHandle, at: number, bytes: number, path: string): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
  if (bytesRead < bytes) refuseFile(path, '.npz (zip)', `an end before byte ${at + bytes}`);
  return buffer;
}

/** Where the central directory is: the archive's end says so, with 64-bit places if they need them. */
async function findDirectory(file: FileHandle, path: string): Promise<Directory> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, 65_535 + END_BYTES);
  const tail = await readAt(file, size - tailBytes, tailBytes, path);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0)
    refuseFile(
      path,
      '.npz (zip)',
      `${size} bytes without a zip archive's directory at the end: it is cut short or another file`,
    );
  const directory = { start: tail.readUInt32LE(at + 16), bytes: tail.readUInt32LE(at + 12) };
  if (directory.start !== 0xffffffff && directory.bytes !== 0xffffffff) return directory;
  if (at < 20 || tail.readUInt32LE(at - 20) !== LOCATOR64)
    return refuseFile(path, '.npz (zip)', 'no place of its 64-bit directory');
  const end = await readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56, path);
  if (end.readUInt32LE(0) !== END64) refuseFile(path, '.npz (zip)', 'a wrong place of its 64-bit directory');
  return { start: Number(end.readBigUInt64LE(48)), bytes: Number(end.readBigUInt64LE(40)) };
}

interface Place {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly start: number;
}

/** Sizes and places that do not fit into 32 bits stand in extra field 1, in this order. */
function wide(extra: Buffer, values: readonly number[]): number[] {
  let field: Buffer | undefined;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  let next = 0;
  return values.map((value) => {
    if (value !== 0xffffffff || field === undefined || next + 8 > field.length) return value;
    next += 8;
    return Number(field.readBigUInt64LE(next - 8));
  });
}

function parseDirectory(directory: Buffer, path: string): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < directory.length;) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY)
      return refuseFile(path, '.npz (zip)', 'a damaged directory');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const nameEnd = at + 46 + nameBytes;
    const extra = directory.subarray(nameEnd, nameEnd + extraBytes);
    const [bytes, packedBytes, start] = wide(
      extra,
      [24, 20, 42].map((offset) => directory.readUInt32LE(at + offset)),
    );
    places.push({
      name: directory.toString('utf8', at + 46, nameEnd),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      bytes: bytes!,
      packedBytes: packedBytes!,
      start: start!,
    });
    at = nameEnd + extraBytes + commentBytes;
  }
  return places;
}

async function dataStart(path: string, { start }: Place): Promise<number> {
  const file = await open(path);
  try {
    const local = await readAt(file, start, 30, path);
    if (local.readUInt32LE(0) !== LOCAL) refuseFile(path, '.npz (zip)', `no file at byte ${start}`);
    return start + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function* unpack(path: string, place: Place, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const name = `${place.name} in ${path}`;
  if (place.method !== 0 && place.method !== 8) refuseFile(name, '.npz (zip)', `compression method ${place.method}`);
  const start = await dataStart(path, place);
  if (place.packedBytes === 0) return;
  const packed = createReadStream(path, {
    start,
    end: start + place.packedBytes - 1,
    highWaterMark: PIECE_BYTES,
    signal,
  });
  const inflate = place.method === 8 ? createInflateRaw({ chunkSize: PIECE_BYTES }) : undefined;
  if (inflate !== undefined) packed.on('error', (error) => inflate.destroy(error));
  const crc = new Crc32();
  let bytes = 0;
  try {
    for await (const piece of (inflate === undefined ? packed : packed.pipe(inflate)) as AsyncIterable<Buffer>) {
      crc.add(piece);
      bytes += piece.length;
      if (bytes > place.bytes) break;
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
    refuseFile(name, '.npz (zip)', (error as Error).message, error);
  } finally {
    packed.destroy();
  }
  if (bytes !== place.bytes)
    refuseFile(
      name,
      '.npz (zip)',
      `${bytes > place.bytes ? 'more than ' : ''}${Math.min(bytes, place.bytes)} bytes instead of ${place.bytes}`,
    );
  if (crc.value !== place.crc) refuseFile(name, '.npz (zip)', 'a wrong checksum (CRC-32)');
}

/**
 * The files of a zip archive (PKWARE's APPNOTE; stored or deflated; with 64-bit sizes, as NumPy writes them).
 * @throws UserError if it is another file, cut short, or damaged
 */
export async function readZip(path: string, signal: AbortSignal): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { start, bytes } = await findDirectory(file, path);
    if (bytes > MOST_DIRECTORY_BYTES) refuseFile(path, '.npz (zip)', `a directory of ${bytes} bytes`);
    const places = parseDirectory(await readAt(file, start, bytes, path), path);
    return places.map((place) => ({ name: place.name, bytes: () => unpack(path, place, signal) }));
  } finally {
    await file.close();
  }
}
