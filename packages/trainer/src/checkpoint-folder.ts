import { keys, type StageContext, type Store } from '@bakeoff/core';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';

export interface CheckpointPlace {
  readonly key: string;
  readonly step: number;
}

/** Where the checkpoints of a run are, of all its attempts. */
export async function checkpointPlaces(store: Store, runId: string): Promise<CheckpointPlace[]> {
  const places: CheckpointPlace[] = [];
  for await (const { key } of store.list(keys.attempts(runId))) {
    const step = /\/checkpoints\/(\d+)\.safetensors$/.exec(key)?.[1];
    if (step !== undefined) places.push({ key, step: Number(step) });
  }
  return places;
}

/** A run's checkpoints in the store: every attempt writes under its own prefix and reads those of all attempts. */
export class CheckpointFolder {
  /** The newest checkpoint that this attempt wrote or resumed from: the fallback if the next one is damaged. */
  private last: CheckpointPlace | undefined;

  constructor(
    private readonly context: Pick<StageContext, 'store' | 'log'>,
    private readonly runId: string,
    private readonly attemptId: string,
  ) {}

  /** The intact checkpoint with the highest step, from any attempt; damaged ones are named in a warning and skipped. */
  async newest(): Promise<Checkpoint | undefined> {
    const places = (await this.places()).sort((a, b) => b.step - a.step);
    for (const place of places) {
      const file = await this.context.store.get(place.key);
      // It is gone: another attempt has removed it since it was listed.
      if (file === undefined) continue;
      const decoded = decodeCheckpoint(file, this.runId);
      if ('checkpoint' in decoded) {
        this.last = place;
        return decoded.checkpoint;
      }
      this.context.log({ type: 'warning', text: `checkpoint ${place.key} is not used: ${decoded.fault}` });
    }
    return undefined;
  }

  /** Writes a checkpoint, then removes all older ones except the one before it. */
  async write(checkpoint: Checkpoint): Promise<void> {
    const { step } = checkpoint;
    const previous = this.last;
    this.last = { key: keys.checkpoint(this.runId, this.attemptId, step), step };
    await this.context.store.put(this.last.key, encodeCheckpoint(checkpoint));
    if (previous === undefined) return;
    for (const place of await this.places()) if (place.step < previous.step) await this.context.store.delete(place.key);
  }

  /** Removes every attempt's checkpoints: the run has its record. */
  async clear(): Promise<void> {
    for (const place of await this.places()) await this.context.store.delete(place.key);
  }

  private places(): Promise<CheckpointPlace[]> {
    return checkpointPlaces(this.context.store, this.runId);
  }
}
