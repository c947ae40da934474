import { UserError } from '@bakeoff/core';
import { type CifarDialect, PIXEL_BYTES, recordBytes } from './cifar-dialect.ts';

/** Images while they are read. */
export interface GrowingSet {
  /** uint8 [n, 32, 32, 3] */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const PLANE_BYTES = PIXEL_BYTES / 3;

/**
 * Converts planes of red, green and blue to interleaved RGB, four pixels at a time. Byte by byte this would be the
 * slowest part of unpacking.
 */
function interleave(planes: DataView, at: number, out: Uint32Array, outAt: number): void {
  const red = at;
  const green = at + PLANE_BYTES;
  const blue = at + 2 * PLANE_BYTES;
  let word = outAt;
  for (let i = 0; i < PLANE_BYTES; i += 4) {
    const r = planes.getUint32(red + i, true);
    const g = planes.getUint32(green + i, true);
    const b = planes.getUint32(blue + i, true);
    out[word] = (r & 0xff) | ((g & 0xff) << 8) | ((b & 0xff) << 16) | ((r & 0xff00) << 16);
    out[word + 1] = ((g >>> 8) & 0xff) | (b & 0xff00) | (r & 0xff0000) | ((g & 0xff0000) << 8);
    out[word + 2] = ((b >>> 16) & 0xff) | ((r >>> 16) & 0xff00) | ((g >>> 8) & 0xff0000) | (b & 0xff000000);
    word += 3;
  }
}

/** Where records belong. */
export interface RecordsPlace {
  readonly set: GrowingSet;
  /** The place in the set of the file's first record. */
  readonly fileStart: number;
  /** The file, for messages. */
  readonly name: string;
}

function checkLabels(dialect: CifarDialect, records: Uint8Array, at: number, record: number, name: string): void {
  for (const [i, { name: kind, classes }] of dialect.labels.entries()) {
    const label = records[at + i]!;
    if (label < classes) continue;
    throw new UserError({
      what: `${name} does not hold ${dialect.name} records`,
      received: `${kind} ${label} in record ${record}`,
      allowed: `${dialect.labels.map((each) => `${each.name}s 0 to ${each.classes - 1}`).join(', ')}, then 3,072 pixel values`,
      fix: dialect.advice,
    });
  }
}

/**
 * Decodes whole records into images `first`… of a set.
 * @throws UserError that names a record with a label that is not one of the classes.
 */
export function decodeRecords(
  dialect: CifarDialect,
  records: Uint8Array,
  { set, fileStart, name }: RecordsPlace,
  first: number,
): void {
  const planes = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const words = new Uint32Array(set.pixels.buffer, set.pixels.byteOffset, set.pixels.byteLength / 4);
  const bytes = recordBytes(dialect);
  const count = records.length / bytes;
  for (let i = 0; i < count; i++) {
    checkLabels(dialect, records, i * bytes, first + i - fileStart, name);
    set.labels[first + i] = records[i * bytes + dialect.label]!;
    interleave(planes, i * bytes + dialect.labels.length, words, ((first + i) * PIXEL_BYTES) / 4);
  }
}
