import { type Dtype, DTYPES, elementsOf, refuseFile, type StoredTensor } from './tensor-file.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Magic, version, and a header length of 2 or 4 bytes. */
const PREFIX_BYTES = 12;
const MOST_HEADER_BYTES = 1 << 16;

/** NumPy's array-protocol type strings without the byte order. */
const KINDS: Readonly<Record<string, Dtype>> = {
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
};

interface Header {
  readonly dtypeName: string;
  readonly dtype: Dtype | undefined;
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly dataStart: number;
}

function parseHeader(text: string, dataStart: number, name: string): Header {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined)
    return refuseFile(name, '.npy', `the header ${JSON.stringify(text.trim().slice(0, 120))}`);
  const extents = shape.split(',').flatMap((part) => (/\d+/.test(part) ? [Number(/\d+/.exec(part)![0])] : []));
  if (order === 'True' && extents.length > 1)
    refuseFile(name, '.npy', 'an array in Fortran order; write np.ascontiguousarray(array)');
  const isBigEndian = descr.startsWith('>') && !descr.endsWith('1');
  return { dtypeName: descr, dtype: isBigEndian ? undefined : KINDS[descr.slice(1)], shape: extents, dataStart };
}

/** The header once all of it is there; undefined before. @throws UserError if it is not a .npy file */
function headerIn(head: Buffer, name: string): Header | undefined {
  const known = Math.min(head.length, MAGIC.length);
  if (!MAGIC.slice(0, known).every((byte, i) => head[i] === byte))
    refuseFile(name, '.npy', `a file that begins with ${head.subarray(0, 6).toString('hex')}`);
  if (head.length < PREFIX_BYTES) return undefined;
  const wide = head[6]! > 1;
  const start = wide ? 12 : 10;
  const length = wide ? head.readUInt32LE(8) : head.readUInt16LE(8);
  if (length > MOST_HEADER_BYTES) refuseFile(name, '.npy', `a header of ${length} bytes`);
  if (head.length < start + length) return undefined;
  return parseHeader(head.toString('latin1', start, start + length), start + length, name);
}

/** Reads the header of a .npy stream, and then its data. Calls `open` once for each. */
async function readHeader(open: () => AsyncIterable<Uint8Array>, name: string): Promise<Header> {
  let head = Buffer.alloc(0);
  for await (const piece of open()) {
    head = Buffer.concat([head, piece]);
    const header = headerIn(head, name);
    if (header !== undefined) return header;
  }
  return refuseFile(name, '.npy', `${head.length} bytes`);
}

async function* dataOf(open: () => AsyncIterable<Uint8Array>, header: Header, name: string): AsyncIterable<Uint8Array> {
  const bytes = elementsOf(header.shape) * (header.dtype === undefined ? 1 : DTYPES[header.dtype].bytes);
  const end = header.dataStart + bytes;
  let at = 0;
  for await (const piece of open()) {
    const [from, to] = [Math.max(0, header.dataStart - at), Math.min(piece.length, end - at)];
    at += piece.length;
    if (to > from) yield piece.subarray(from, to);
  }
  if (at !== end)
    refuseFile(
      name,
      '.npy',
      `${at - header.dataStart} bytes of data; ${bytes} belong to shape [${header.shape.join(', ')}]`,
    );
}

/**
 * One array in NumPy's format (numpy.lib.format, versions 1 to 3).
 * @param open The file's bytes from the beginning; they are read once for the header and once for the data.
 * @throws UserError if it is another file, or an array in Fortran order
 */
export async function npyTensor(open: () => AsyncIterable<Uint8Array>, name: string): Promise<StoredTensor> {
  const header = await readHeader(open, name);
  return { ...header, name, pieces: () => dataOf(open, header, name) };
}
