import { z } from 'zod';

/** A dropout rate with its default. */
export const dropoutRate = (standard: number) =>
  z.number().min(0).lt(1).default(standard).describe('Probability of dropping, 0 to below 1');
