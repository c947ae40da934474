import { UserError } from './user-error.ts';

export type SafetensorArray = Float32Array | Uint8Array | Int32Array | Float64Array;

export interface SafeTensor {
  readonly shape: readonly number[];
  readonly data: SafetensorArray;
}

const KINDS = { F32: Float32Array, U8: Uint8Array, I32: Int32Array, F64: Float64Array } as const;
type Dtype = keyof typeof KINDS;

function dtypeOf(data: SafetensorArray): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Int32Array ? 'I32' : 'U8';
}

/**
 * Encodes named tensors as safetensors (github.com/huggingface/safetensors, format description): little-endian header
 * length, JSON header padded to 8 bytes, then the data in the given order. Each tensor is aligned as long as the sizes
 * of all before it are multiples of 8 bytes. Equal inputs give equal bytes.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (size !== data.length)
      throw new RangeError(`tensor ${name}: shape [${shape.join(', ')}] does not hold ${data.length} values`);
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  let text = new TextEncoder().encode(JSON.stringify(header));
  if (text.length % 8 !== 0) {
    const padded = new Uint8Array(text.length + 8 - (text.length % 8)).fill(0x20);
    padded.set(text);
    text = padded;
  }
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

interface HeaderEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isHeaderEntry(entry: unknown): entry is HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<Record<string, unknown>>;
  return (
    typeof dtype === 'string' &&
    Object.hasOwn(KINDS, dtype) &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount)
  );
}

/**
 * Decodes a safetensors file; `name` is for messages. Tensors are copies, so that the file's bytes can be freed.
 * @throws UserError if the file is cut short, has a malformed header, or a dtype other than F32, F64, I32, U8.
 */
export function decodeSafetensors(
  file: Uint8Array,
  name = 'safetensors file',
): { readonly tensors: Record<string, SafeTensor>; readonly metadata: Record<string, string> } {
  const fail = (received: string): never => {
    throw new UserError({
      what: `${name} is not a valid safetensors file`,
      received,
      fix: 'restore the file, or remove it and run the stage that writes it again',
    });
  };
  if (file.length < 8) fail(`${file.length} bytes`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > file.length - 8) fail(`a header of ${length} bytes in a file of ${file.length}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  } catch {
    fail('a header that is not JSON');
  }
  if (typeof header !== 'object' || header === null) return fail('a header that is not a JSON object');
  const { __metadata__: metadata, ...entries } = header as Record<string, unknown>;
  const tensors: Record<string, SafeTensor> = {};
  const start = 8 + length;
  for (const [tensorName, entry] of Object.entries(entries)) {
    if (!isHeaderEntry(entry)) return fail(`tensor ${tensorName} described as ${JSON.stringify(entry).slice(0, 120)}`);
    const Kind = KINDS[entry.dtype];
    const [from, to] = entry.data_offsets;
    const size = entry.shape.reduce((product, extent) => product * extent, 1);
    if (start + to > file.length || to - from !== size * Kind.BYTES_PER_ELEMENT)
      fail(`tensor ${tensorName} at bytes ${from}–${to} of ${file.length - start}`);
    // Uint8Array's own slice copies; a Buffer's would be a view of the whole file.
    tensors[tensorName] = {
      shape: entry.shape,
      data: new Kind(Uint8Array.prototype.slice.call(file, start + from, start + to).buffer),
    };
  }
  return { tensors, metadata: (metadata ?? {}) as Record<string, string> };
}
