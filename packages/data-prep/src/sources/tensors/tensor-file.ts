import { UserError } from '@bakeoff/core';

/** Integers that labels may be stored as, and uint8 for images; how a value is read (little-endian). */
export const DTYPES = {
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  int16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  uint32: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  int32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  uint64: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  int64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
} as const satisfies Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>>;

export type Dtype = keyof typeof DTYPES;

/** What a file says of a tensor, and how its bytes are read. */
export interface StoredTensor {
  /** File and name, for messages. */
  readonly name: string;
  /** As the file spells it, e.g. `uint8`, `F32` or `<f8`. */
  readonly dtypeName: string;
  /** Undefined for one that is neither images nor labels, such as floating-point numbers. */
  readonly dtype: Dtype | undefined;
  readonly shape: readonly number[];
  /** The bytes in order, in pieces of any size, as many as dtype and shape say. @throws UserError if they are damaged */
  pieces(): AsyncIterable<Uint8Array>;
}

/** @throws UserError for a file that is not what its name says */
export function refuseFile(path: string, format: string, received: string, cause?: unknown): never {
  throw new UserError(
    {
      what: `${path} is not a whole ${format} file`,
      received,
      fix: 'write the file again, or give another one',
    },
    cause === undefined ? {} : { cause },
  );
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
