import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { UserError } from '@bakeoff/core';
import { npyTensor } from './npy.ts';
import { type Dtype, DTYPES, elementsOf, refuseFile, type StoredTensor } from './tensor-file.ts';
import { readZip } from './zip.ts';

/** Opens a tensor of a file by its name; a .npy file has one without a name. */
export type OpenTensor = (path: string, name: string, signal: AbortSignal) => Promise<StoredTensor>;

function refuseName(path: string, name: string, known: readonly string[]): never {
  throw new UserError({
    what: `${path} has no tensor "${name}"`,
    received: known.length === 0 ? 'no tensors' : `tensors ${known.slice(0, 12).join(', ')}`,
    fix: 'name the tensors with dataset.images and dataset.labels (of test images, testImagesName and testLabelsName)',
  });
}

const openNpy: OpenTensor = (path, _name, signal) =>
  npyTensor(() => createReadStream(path, { highWaterMark: 1 << 20, signal }), path);

const openNpz: OpenTensor = async (path, name, signal) => {
  const entries = await readZip(path, signal);
  const entry = entries.find((each) => each.name === `${name}.npy` || each.name === name);
  if (entry === undefined)
    return refuseName(
      path,
      name,
      entries.map((each) => basename(each.name, '.npy')),
    );
  return npyTensor(() => entry.bytes(), `${entry.name} in ${path}`);
};

/** Names of safetensors' types. */
const KINDS: Readonly<Record<string, Dtype>> = {
  U8: 'uint8',
  I8: 'int8',
  U16: 'uint16',
  I16: 'int16',
  U32: 'uint32',
  I32: 'int32',
  U64: 'uint64',
  I64: 'int64',
};
const MOST_HEADER_BYTES = 100_000_000;

/** The JSON header, and where the data begin. Read apart from the data, which may be larger than memory. */
async function safetensorsHeader(
  path: string,
): Promise<{ header: Record<string, unknown>; start: number; size: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(8);
    await file.read(prefix, 0, 8, 0);
    const length = Number(prefix.readBigUInt64LE(0));
    if (size < 8 || length > Math.min(size - 8, MOST_HEADER_BYTES))
      refuseFile(path, '.safetensors', size < 8 ? `${size} bytes` : `a header of ${length} bytes in a file of ${size}`);
    const text = Buffer.alloc(length);
    await file.read(text, 0, length, 8);
    const header = parseJson(text.toString('utf8'));
    if (header === undefined) return refuseFile(path, '.safetensors', 'a header that is not a JSON object');
    return { header, start: 8 + length, size };
  } finally {
    await file.close();
  }
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const openSafetensors: OpenTensor = async (path, name, signal) => {
  const { header, start, size } = await safetensorsHeader(path);
  const entry = header[name] as { dtype?: string; shape?: number[]; data_offsets?: [number, number] } | undefined;
  if (entry === undefined)
    return refuseName(
      path,
      name,
      Object.keys(header).filter((each) => each !== '__metadata__'),
    );
  const { dtype: dtypeName = '', shape, data_offsets: offsets } = entry;
  const [from, to] = offsets ?? [];
  if (!Array.isArray(shape) || !Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    return refuseFile(path, '.safetensors', `tensor ${name} described as ${JSON.stringify(entry).slice(0, 120)}`);
  const dtype = KINDS[dtypeName];
  const bytes = dtype === undefined ? to! - from! : elementsOf(shape) * DTYPES[dtype].bytes;
  if (from! < 0 || to! - from! !== bytes || start + to! > size)
    refuseFile(
      path,
      '.safetensors',
      `tensor ${name}, shape [${shape.join(', ')}], at bytes ${from}–${to} of ${size - start}`,
    );
  const pieces = () =>
    createReadStream(path, { start: start + from!, end: start + to! - 1, highWaterMark: 1 << 20, signal });
  return { name: `${name} in ${path}`, dtypeName, dtype, shape, pieces };
};

const FORMATS: Readonly<Record<string, OpenTensor>> = {
  '.npy': openNpy,
  '.npz': openNpz,
  '.safetensors': openSafetensors,
};

/** @throws UserError for another kind of file, a damaged one, or a tensor that it does not have */
export const openTensor: OpenTensor = (path, name, signal) => {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format !== undefined) return format(path, name, signal);
  throw new UserError({
    what: `${path} is not a file of tensors`,
    received: extname(path) === '' ? 'a name without an extension' : extname(path),
    allowed: Object.keys(FORMATS).join(', '),
    fix: 'save images and labels as one of these, e.g. np.savez("data.npz", images=images, labels=labels)',
  });
};
