import { readTensors, type RunProgress, type SafeTensor, type Store, UserError } from '@bakeoff/core';
import { FORMAT_VERSION, type StoredState } from './checkpoint.ts';
import { checkpointPlaces } from './checkpoint-folder.ts';

const HISTORY = 'history.';

/**
 * How far an unfinished run has come, from the header and the step history of its newest readable checkpoint. It reads
 * no weights, so the digest of the file is not verified. Undefined if there is none.
 * @param known What an earlier call returned; it is returned again if no newer checkpoint exists.
 */
export async function readProgress(store: Store, runId: string, known?: RunProgress): Promise<RunProgress | undefined> {
  const places = (await checkpointPlaces(store, runId)).sort((a, b) => b.step - a.step);
  for (const { key } of places) {
    if (key === known?.key) return known;
    const progress = await readCheckpoint(store, key, runId);
    if (progress !== undefined) return progress;
  }
  return undefined;
}

/** Undefined for an object that is gone, damaged, or of another version: an older checkpoint may do. */
async function readCheckpoint(store: Store, key: string, runId: string): Promise<RunProgress | undefined> {
  try {
    const read = await readTensors(store, key, (name) => name.startsWith(HISTORY));
    if (read === undefined) return undefined;
    const state = JSON.parse(read.metadata['state'] ?? '{}') as Partial<StoredState>;
    const { formatVersion, epochs, step } = state;
    if (formatVersion !== FORMAT_VERSION || state.runId !== runId || epochs === undefined || step === undefined)
      return undefined;
    return { key, epochs, steps: step, loss: floats(read.tensors, 'loss'), accuracy: floats(read.tensors, 'accuracy') };
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function floats(tensors: Readonly<Record<string, SafeTensor>>, name: string): Float32Array {
  const data = tensors[`${HISTORY}${name}`]?.data;
  return data instanceof Float32Array ? data : new Float32Array();
}
