import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

/**
 * Test-time augmentation. It belongs to an evaluation, not to the training that it evaluates, so that several evaluations
 * share one training.
 */
export const evaluationSchema = z.strictObject({
  flip: z
    .boolean()
    .default(false)
    .describe('Predict each image and its mirror image, and average their logits: twice the MACs'),
  translate: z
    .int()
    .min(0)
    .max(32)
    .default(0)
    .describe(
      'Predict each image also moved so many pixels up left and down right, with reflect padding, and average: half the weight is the unmoved image’s, three times the MACs; 0: no',
    )
    .meta({ unit: 'pixels', examples: [1] }),
});

export type EvaluationConfig = Immutable<z.output<typeof evaluationSchema>>;

/** Each image is predicted once, as it is. */
export const PLAIN_EVALUATION: EvaluationConfig = { flip: false, translate: 0 };

export function isPlain({ flip, translate }: EvaluationConfig): boolean {
  return !flip && translate === 0;
}

/** Forward passes per image. */
export function forwardPasses({ flip, translate }: EvaluationConfig): number {
  return (flip ? 2 : 1) * (translate > 0 ? 3 : 1);
}

/** In words, `flip and translate 1`; empty for a plain evaluation. */
export function evaluationText({ flip, translate }: EvaluationConfig): string {
  return [...(flip ? ['flip'] : []), ...(translate > 0 ? [`translate ${translate}`] : [])].join(' and ');
}
