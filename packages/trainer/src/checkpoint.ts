import { decodeSafetensors, encodeSafetensors, type EpochRow, type SafeTensor, sha256 } from '@bakeoff/core';

type TensorState = Readonly<Record<string, SafeTensor>>;

/** Sums over the images that an unfinished epoch has trained on. */
export interface EpochSums {
  readonly images: number;
  readonly loss: number;
  readonly correct: number;
}

/**
 * Everything a training needs to continue as if it had never stopped. Values that follow from these are not stored: the
 * epoch and the position in it follow from `step` and `epochs`, early stopping and the best epoch from `epochs`, and
 * shuffles and dropout masks from seed, epoch and step.
 */
export interface Checkpoint {
  readonly runId: string;
  /** Optimizer steps done. */
  readonly step: number;
  /** Of the engine that made it (Engine.rounding); checkpoints of earlier versions do not say it. */
  readonly rounding?: string;
  /** Finished epochs, including validation. */
  readonly epochs: readonly EpochRow[];
  readonly sums: EpochSums;
  /** Parameters and running statistics. */
  readonly network: TensorState;
  readonly optimizer: TensorState;
  /** WeightAverage's tensors; none without one. */
  readonly average: TensorState;
  /** The best epoch's parameters and running statistics, or their averages; null before an epoch has ended. */
  readonly best: TensorState | null;
  /** StepHistory's tensors. */
  readonly history: TensorState;
}

export const FORMAT_VERSION = 1;
const PARTS = ['network', 'optimizer', 'average', 'best', 'history'] as const;

/**
 * A checkpoint file starts with its own digest, at a fixed place inside a valid safetensors header: 8 bytes of header
 * length precede this text.
 */
const DIGEST_MEMBER = '{"__metadata__":{"sha256":"';
const DIGEST_START = 8 + DIGEST_MEMBER.length;
const NO_DIGEST = '0'.repeat(64);

/**
 * SHA-256 over the file with zeros in place of the digest, so that it covers every other byte: header length, header,
 * data.
 */
function digestOf(file: Uint8Array): string {
  const blank = file.slice();
  blank.set(Buffer.from(NO_DIGEST), DIGEST_START);
  return sha256(blank);
}

/**
 * One safetensors file: tensors as `<part>.<name>`, the rest as JSON in the metadata's `state`, its own digest first.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { network, optimizer, average, best, history, ...state } = checkpoint;
  const parts = { network, optimizer, average, best: best ?? {}, history };
  const tensors = PARTS.flatMap((part) =>
    Object.entries(parts[part]).map(([name, tensor]) => [`${part}.${name}`, tensor] as const),
  );
  const file = encodeSafetensors(Object.fromEntries(tensors), {
    sha256: NO_DIGEST,
    state: JSON.stringify({ formatVersion: FORMAT_VERSION, ...state }),
  });
  file.set(Buffer.from(digestOf(file)), DIGEST_START);
  return file;
}

/** What the metadata of a checkpoint's file says. */
export type StoredState = Pick<Checkpoint, 'runId' | 'step' | 'rounding' | 'epochs' | 'sums'> & {
  readonly formatVersion: number;
};

/**
 * Decodes a checkpoint of run `runId`, or says why the file is not one: damaged, of another run, of another format
 * version.
 */
export function decodeCheckpoint(
  file: Uint8Array,
  runId: string,
): { readonly checkpoint: Checkpoint } | { readonly fault: string } {
  const text = (from: number, to: number): string =>
    Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1', from, to);
  if (file.length < DIGEST_START + NO_DIGEST.length || text(8, DIGEST_START) !== DIGEST_MEMBER)
    return { fault: 'it does not start as a checkpoint does' };
  if (text(DIGEST_START, DIGEST_START + NO_DIGEST.length) !== digestOf(file))
    return { fault: 'its bytes do not have the SHA-256 it names' };
  const { tensors, metadata } = decodeSafetensors(file, 'checkpoint');
  const { formatVersion, ...state } = JSON.parse(metadata['state'] ?? '{}') as StoredState;
  if (formatVersion !== FORMAT_VERSION)
    return { fault: `it has format version ${formatVersion}, this program reads ${FORMAT_VERSION}` };
  if (state.runId !== runId) return { fault: `it belongs to run ${state.runId}` };
  const part = (name: (typeof PARTS)[number]): TensorState => {
    const members = Object.entries(tensors).filter(([key]) => key.startsWith(`${name}.`));
    return Object.fromEntries(members.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
  };
  const best = state.epochs.length > 0 ? part('best') : null;
  return {
    checkpoint: {
      ...state,
      network: part('network'),
      optimizer: part('optimizer'),
      average: part('average'),
      best,
      history: part('history'),
    },
  };
}
