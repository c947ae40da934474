import * as z from 'zod';

const ends = z
  .tuple([z.number(), z.number()])
  .describe('The lowest and the highest value; a setting that takes whole numbers gets whole numbers');

/** The values that a searched setting takes: each range is one kind, with the name of its distribution. */
export const rangeSchema = z.union([
  z.strictObject({ uniform: ends }).describe('Every value between the two is equally likely'),
  z.strictObject({ logUniform: ends }).describe('Every factor is equally likely, as for learning rates'),
  z.strictObject({ choice: z.array(z.unknown()).min(1).max(1000).describe('Each value is equally likely') }),
]);

export type SearchRange = z.output<typeof rangeSchema>;

const MOST_TRIALS = 10_000;

/** What is not `trials` or `seed` is a setting by its dotted path. `readSearch` checks ranges, to explain mistakes. */
export const searchSchema = z
  .object({
    trials: z
      .int()
      .min(1)
      .max(MOST_TRIALS)
      .describe('Number of points; raising it keeps those that are there')
      .meta({ unit: 'trials', examples: [20] }),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('Of the scrambling of the sequence'),
  })
  .catchall(z.unknown().meta(z.toJSONSchema(rangeSchema, { io: 'input' }) as Record<string, unknown>));

export type SearchSettings = z.output<typeof searchSchema>;
