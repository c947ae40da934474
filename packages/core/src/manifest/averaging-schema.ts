import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

export const emaSchema = z
  .strictObject({
    decay: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.999)
      .describe('Share of the average that a step keeps: it spans about 1 / (1 − decay) steps'),
  })
  .nullable();

/** Exponential moving average of the weights. */
export type EmaConfig = Immutable<z.output<typeof emaSchema>>;
