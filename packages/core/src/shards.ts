import { sha256 } from './canonical-json.ts';
import { readVerified } from './records/json-records.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import type { Store } from './types/index.ts';
import type { DatasetIndex, ShardEntry } from './records/dataset-records.ts';
import { UserError } from './user-error.ts';

/** The n images of a shard. A shard is a safetensors file with one tensor for each of these names. */
export interface ShardContent {
  /** uint8 [n, height, width, channels] */
  readonly images: Uint8Array;
  /** Each image's index in the source; int32 [n]. */
  readonly ids: Int32Array;
  /** Indices into the dataset's `classes`; uint8 [n]. */
  readonly labels: Uint8Array;
}

type TensorName = keyof ShardContent;
/** Height, width, channels. */
type ImageShape = DatasetIndex['imageShape'];

interface TensorFormat<Data> {
  readonly kind: abstract new (...parameters: never[]) => Data;
  /** Of one image. */
  readonly shape: (imageShape: ImageShape) => readonly number[];
}

/** In the order of the file. */
const tensorFormats: { readonly [Name in TensorName]: TensorFormat<ShardContent[Name]> } = {
  images: { kind: Uint8Array, shape: (imageShape) => imageShape },
  ids: { kind: Int32Array, shape: () => [] },
  labels: { kind: Uint8Array, shape: () => [] },
};
const tensorNames = Object.keys(tensorFormats) as readonly TensorName[];

/** Writes a shard. Its content may be reused as soon as this function returns its promise. */
export async function writeShard(
  store: Store,
  key: string,
  content: ShardContent,
  imageShape: ImageShape,
): Promise<ShardEntry> {
  const count = content.ids.length;
  const file = encodeSafetensors(
    Object.fromEntries(
      tensorNames.map((name) => [
        name,
        { shape: [count, ...tensorFormats[name].shape(imageShape)], data: content[name] },
      ]),
    ),
  );
  const put = store.put(key, file);
  const entry = { key, count, bytes: file.length, sha256: sha256(file) };
  await put;
  return entry;
}

/**
 * Reads tensors of a shard (all, unless named), and checks them against its digest and the dataset's index.
 * @throws UserError that names the shard if it is missing or damaged, or the tensor if it is missing or has another
 * shape or type.
 */
export async function readShard<Name extends TensorName = TensorName>(
  store: Store,
  shard: ShardEntry,
  { datasetId, imageShape }: Pick<DatasetIndex, 'datasetId' | 'imageShape'>,
  names: readonly Name[] = tensorNames as readonly Name[],
): Promise<Pick<ShardContent, Name>> {
  const { tensors } = decodeSafetensors(await readVerified(store, shard), shard.key);
  const content = names.map((name) => {
    const { kind, shape } = tensorFormats[name];
    const data = tensors[name]?.data;
    const size = shape(imageShape).reduce((product, extent) => product * extent, shard.count);
    if (data instanceof kind && data.length === size) return [name, data] as const;
    throw new UserError({
      what: `${shard.key} in ${store.url} is not a shard of dataset ${datasetId}`,
      received: data === undefined ? `no tensor ${name}` : `${name}: ${data.length} values of ${data.constructor.name}`,
      allowed: `${name}: ${size} values of ${kind.name}`,
      fix: 'remove the dataset and run data-prep again',
    });
  });
  return Object.fromEntries(content) as Pick<ShardContent, Name>;
}
