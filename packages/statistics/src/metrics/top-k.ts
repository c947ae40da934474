import { metric } from './metric.ts';

const TOP_K = [1, 2, 3, 5];

export interface TopKAccuracy {
  readonly k: number;
  readonly accuracy: number;
}

/** Share of images whose label is among the k highest logits, for each k below the number of classes, and for 1. */
export const topK = metric({
  compute: ({ predictions: { classes, count }, images: { rank } }): readonly TopKAccuracy[] =>
    TOP_K.filter((k) => k === 1 || k < classes).map((k) => ({
      k,
      accuracy: rank.filter((above) => above < k).length / count,
    })),
  figure: null,
});
