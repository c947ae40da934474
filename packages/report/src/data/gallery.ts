import { decodeSafetensors } from '@bakeoff/core';
import type { EvaluationRecord, HardImage } from '@bakeoff/core';
import type { Gallery } from './report-data.ts';

/** Images kept for the page: about 2.5 KB each. */
const GALLERY_IMAGES = 48;

interface Nominee {
  readonly label: number;
  /** Undefined in a record without pictures. */
  readonly png: string | undefined;
  readonly loss: number;
}

/**
 * Chooses the test images that the most runs get wrong, among those that the evaluations kept as pictures, and reads
 * the answer of every run that counts to them. Runs evaluated on a different test set than the plan's first evaluated run are left out.
 * The result does not depend on the order in which runs arrive.
 */
export class GalleryBuilder {
  private readonly nominated = new Map<string, Map<number, Nominee>>();
  private readonly runs: { readonly testSetSha256: string; readonly bitmap: Buffer }[] = [];

  nominate(images: readonly HardImage[], testSetSha256: string): void {
    const nominees = this.nominated.get(testSetSha256) ?? new Map<number, Nominee>();
    this.nominated.set(testSetSha256, nominees);
    for (const { id, label, png, loss } of images)
      nominees.set(id, { label, png, loss: Math.max(loss, nominees.get(id)?.loss ?? 0) });
  }

  count(run: number, { testSetSha256, correctness }: Pick<EvaluationRecord, 'testSetSha256' | 'correctness'>): void {
    this.runs[run] = { testSetSha256, bitmap: Buffer.from(correctness, 'base64') };
  }

  /** Null if no evaluation kept a picture. */
  choose(runs: number): GalleryAnswers | null {
    const all = Array.from({ length: runs }, (_, run) => this.runs[run]);
    const first = all.find((run) => run !== undefined);
    const nominees = first && this.nominated.get(first.testSetSha256);
    if (!first || !nominees || nominees.size === 0) return null;
    return new GalleryAnswers(
      first.testSetSha256,
      nominees,
      all.map((run) => (run?.testSetSha256 === first.testSetSha256 ? run.bitmap : undefined)),
    );
  }
}

class GalleryAnswers {
  private readonly runs: { predictions: Uint8Array; confidences: Float32Array }[] = [];
  private positions: Int32Array | undefined;
  private readonly candidates: readonly number[];

  constructor(
    readonly testSetSha256: string,
    private readonly nominated: ReadonlyMap<number, Nominee>,
    private readonly bitmaps: readonly (Buffer | undefined)[],
  ) {
    this.candidates = [...nominated.keys()].sort((a, b) => a - b);
  }

  /** Reads one run's predictions file (safetensors `logits` float32 [n, classes], `ids` int32 [n]). */
  read(run: number, file: Uint8Array, name: string): void {
    const { tensors } = decodeSafetensors(file, name);
    const ids = tensors['ids']?.data as Int32Array;
    const logits = tensors['logits']?.data as Float32Array;
    const classes = tensors['logits']?.shape[1] ?? 0;
    const place = new Map<number, number>();
    ids.forEach((id, i) => place.set(id, i));
    this.positions ??= Int32Array.from(this.candidates, (id) => place.get(id) ?? -1);
    const predictions = new Uint8Array(this.candidates.length);
    const confidences = new Float32Array(this.candidates.length);
    this.positions.forEach((position, k) => {
      const row = logits.subarray(position * classes, (position + 1) * classes);
      const best = row.indexOf(Math.max(...row));
      const sum = row.reduce((total, logit) => total + Math.exp(logit - (row[best] ?? 0)), 0);
      predictions[k] = best;
      confidences[k] = 1 / sum;
    });
    this.runs[run] = { predictions, confidences };
  }

  finish(pictures: boolean): Gallery | null {
    if (this.positions === undefined) return null;
    const positions = this.positions;
    const scored = this.candidates.map((id, k) => {
      const bitmaps = this.bitmaps.filter((bits) => bits !== undefined);
      const wrong = bitmaps.filter(
        (bits) => (((bits[positions[k]! >> 3] ?? 0) >> (7 - (positions[k]! & 7))) & 1) === 0,
      ).length;
      return { id, k, wrong, answered: bitmaps.length, loss: this.nominated.get(id)!.loss };
    });
    const chosen = scored.sort((a, b) => b.wrong - a.wrong || b.loss - a.loss || a.id - b.id).slice(0, GALLERY_IMAGES);
    return {
      images: chosen.map(({ id, wrong, answered }) => ({
        id,
        label: this.nominated.get(id)!.label,
        png: pictures ? (this.nominated.get(id)!.png ?? null) : null,
        wrong,
        answered,
      })),
      answers: Array.from(this.bitmaps, (_, run) => {
        const answers = this.runs[run];
        return answers === undefined
          ? null
          : {
              predictions: chosen.map(({ k }) => answers.predictions[k]!),
              confidences: chosen.map(({ k }) => Math.round(answers.confidences[k]! * 1e4) / 1e4),
            };
      }),
    };
  }
}
