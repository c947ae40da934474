import { decodeSafetensors, type SafeTensor } from './safetensors.ts';
import type { Store } from './types/index.ts';

/** Most headers are smaller, so that one read is enough for them. */
const FIRST_READ_BYTES = 64 * 1024;

interface Place {
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads the tensors of a safetensors object that `isWanted` names, and its metadata, without the bytes of the others
 * (except what is between those that are wanted). Undefined if there is no such object.
 * @throws UserError if what was read is not part of a valid safetensors file.
 */
export async function readTensors(
  store: Store,
  key: string,
  isWanted: (name: string) => boolean,
): Promise<{ readonly tensors: Record<string, SafeTensor>; readonly metadata: Record<string, string> } | undefined> {
  const first = await store.getRange(key, 0, FIRST_READ_BYTES);
  if (first === undefined) return undefined;
  const dataStart = first.length < 8 ? 0 : 8 + Number(viewOf(first).getBigUint64(0, true));
  const head = dataStart <= first.length ? first : await store.getRange(key, 0, dataStart);
  // Whatever is wrong with the header, the decoder says it.
  if (head === undefined || head.length < Math.max(8, dataStart)) return decodeSafetensors(head ?? first, key);
  const header = JSON.parse(new TextDecoder().decode(head.subarray(8, dataStart))) as Record<string, Place>;
  const { __metadata__: metadata, ...places } = header;
  const wanted = Object.entries(places).filter(([name]) => isWanted(name));
  const from = Math.min(...wanted.map(([, place]) => place.data_offsets[0]));
  const to = Math.max(...wanted.map(([, place]) => place.data_offsets[1]));
  const data = wanted.length === 0 ? new Uint8Array() : await store.getRange(key, dataStart + from, dataStart + to);
  if (data === undefined) return undefined;
  const moved = wanted.map(([name, place]) => [
    name,
    { ...place, data_offsets: place.data_offsets.map((offset) => offset - from) },
  ]);
  return decodeSafetensors(
    fileOf({ ...(metadata === undefined ? {} : { __metadata__: metadata }), ...Object.fromEntries(moved) }, data),
    key,
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset);
}

function fileOf(header: object, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  viewOf(file).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}
