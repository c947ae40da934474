import { logSumExp, type SplitPredictions } from './split-predictions.ts';

/** As many of the other outputs are kept as the largest k of the top-k scores. */
const KEPT_OTHERS = 5;

/** Collects a split's logits batch by batch into {@link SplitPredictions}. */
export class PredictionBuilder {
  private readonly logits: Float32Array;
  private readonly others: {
    readonly top: Float32Array;
    readonly topColumns: number;
    readonly logSumExp: Float64Array;
    readonly logSumExpOfDoubles: Float64Array;
  } | null;
  private filled = 0;

  /** `outputs`: columns of the network's logits, at least `classes`. */
  constructor(
    private readonly split: { readonly count: number; readonly labels: Uint8Array; readonly ids: Int32Array },
    private readonly classes: number,
    private readonly outputs: number,
  ) {
    if (outputs < classes) throw new RangeError(`a network of ${outputs} outputs for ${classes} classes`);
    const { count } = split;
    const topColumns = Math.min(KEPT_OTHERS, outputs - classes);
    this.logits = new Float32Array(count * classes);
    this.others =
      topColumns === 0
        ? null
        : {
            topColumns,
            top: new Float32Array(count * topColumns),
            logSumExp: new Float64Array(count),
            logSumExpOfDoubles: new Float64Array(count),
          };
  }

  /** Adds the next images' logits, [n, outputs]. */
  add(batch: Float32Array): void {
    for (let from = 0; from < batch.length; from += this.outputs)
      this.addImage(batch.subarray(from, from + this.outputs));
  }

  private addImage(row: Float32Array): void {
    const image = this.filled++;
    this.logits.set(row.subarray(0, this.classes), image * this.classes);
    if (this.others === null) return;
    const { top, topColumns } = this.others;
    const rest = row.slice(this.classes).sort().reverse();
    top.set(rest.subarray(0, topColumns), image * topColumns);
    this.others.logSumExp[image] = logSumExp(rest, 0, rest.length);
    this.others.logSumExpOfDoubles[image] = logSumExp(rest, 0, rest.length, 2);
  }

  finish(): SplitPredictions {
    const { count, labels, ids } = this.split;
    if (this.filled !== count) throw new RangeError(`${this.filled} of ${count} images were predicted`);
    return { count, classes: this.classes, logits: this.logits, labels, ids, others: this.others };
  }
}
