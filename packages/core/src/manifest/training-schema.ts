import * as z from 'zod';
import { addedLater } from '../schema/neutral-settings.ts';
import type { Immutable } from '../types/immutable.ts';

const learningRate = (byDefault: number) =>
  z.number().gt(0).max(10).default(byDefault).describe('Step size before the schedule');
const beta = (byDefault: number, of: string) =>
  z.number().min(0).lt(1).default(byDefault).describe(`Decay of the running mean of ${of}`);
const epsilon = z.number().gt(0).max(1).default(1e-8).describe('Added to the root of the second moment');
const decay = z.number().min(0).max(10);
const decayBiasAndNorm = addedLater(z.boolean(), true).describe(
  'Whether the decay also covers biases and the scales and shifts of norms; false: only weights of more than one axis',
);

export const optimizerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z
      .literal('adam')
      .describe('Adam; its L2 term goes through the moments, as in torch.optim.Adam(weight_decay=…)'),
    learningRate: learningRate(1e-3),
    beta1: beta(0.9, 'gradients'),
    beta2: beta(0.999, 'squared gradients'),
    epsilon,
    l2: decay.default(0).describe('Coupled L2 penalty: l2 × weight is added to the gradient'),
    decayBiasAndNorm,
  }),
  z.strictObject({
    type: z.literal('adamw').describe('Adam with decoupled weight decay, as torch.optim.AdamW'),
    learningRate: learningRate(1e-3),
    beta1: beta(0.9, 'gradients'),
    beta2: beta(0.999, 'squared gradients'),
    epsilon,
    weightDecay: decay.default(0.01).describe('Decoupled: weights shrink by learningRate × weightDecay per step'),
    decayBiasAndNorm,
  }),
  z
    .strictObject({
      type: z.literal('sgd').describe('Stochastic gradient descent with momentum, as torch.optim.SGD'),
      learningRate: learningRate(0.01),
      momentum: z.number().min(0).lt(1).default(0.9).describe('Fraction of the last step that is kept'),
      nesterov: z.boolean().default(false).describe('Look ahead along the momentum'),
      l2: decay.default(0).describe('Coupled L2 penalty: l2 × weight is added to the gradient'),
      decayBiasAndNorm,
    })
    .refine((sgd) => !sgd.nesterov || sgd.momentum > 0, {
      path: ['nesterov'],
      message: 'nesterov needs a momentum above 0',
    }),
]);

export type OptimizerConfig = Immutable<z.output<typeof optimizerSchema>>;

const warmup = {
  warmupEpochs: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Epochs over which the learning rate rises linearly, step by step; 0: none')
    .meta({ unit: 'epochs', examples: [2] }),
  warmupFactor: z.number().min(0).max(1).default(0.1).describe('Factor at the start of the warm-up'),
};

const risingEpochs = z
  .array(z.int().min(1).max(10_000))
  .min(1)
  .refine((epochs) => epochs.every((epoch, i) => i === 0 || epoch > epochs[i - 1]!), {
    message: 'epochs must increase',
  });

const MOST_EPOCHS = 10_000;

const knotsSchema = z
  .array(
    z.strictObject({
      epoch: z
        .number()
        .min(0)
        .max(MOST_EPOCHS)
        .describe('Epochs since the start: 0 is the first step')
        .meta({ unit: 'epochs', examples: [5] }),
      factor: z
        .number()
        .min(0)
        .max(100)
        .describe('Factor on the learning rate there')
        .meta({ examples: [1] }),
    }),
  )
  .min(1)
  .max(1000)
  .refine((knots) => knots.every(({ epoch }, i) => i === 0 || epoch > knots[i - 1]!.epoch), {
    message: 'the epochs of knots must increase',
  })
  .refine((knots) => knots.some(({ factor }) => factor > 0), {
    message: 'every knot has factor 0, which trains nothing: give one a factor above 0',
  });

/** The type defaults to `constant` (see `BUILT_IN_DEFAULTS`). */
export const scheduleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant').describe('The learning rate stays constant'), ...warmup }),
  z.strictObject({
    type: z.literal('step').describe('The learning rate is multiplied by a factor after some epochs'),
    epochs: risingEpochs.describe('After each of these epochs').meta({ unit: 'epochs', examples: [[10, 15]] }),
    factor: z.number().gt(0).lt(1).default(0.1).describe('Factor on the learning rate'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('cosine').describe('Half a cosine over maxEpochs, updated at every step'),
    finalFactor: z.number().min(0).max(1).default(0).describe('Factor on the learning rate at the end'),
    ...warmup,
  }),
  z.strictObject({
    type: z
      .literal('oneCycle')
      .describe(
        'Up to the learning rate and down again over maxEpochs, as torch.optim.lr_scheduler.OneCycleLR with ' +
          'cycle_momentum=False; it has its own start, so no warm-up',
      ),
    riseFraction: z.number().gt(0).lt(1).default(0.3).describe('Share of the steps that rise (pct_start)'),
    startFactor: z.number().gt(0).max(1).default(0.04).describe('Factor at the first step (1 / div_factor)'),
    finalFactor: z
      .number()
      .min(0)
      .max(1)
      .default(4e-6)
      .describe('Factor at the last step (1 / (div_factor × final_div_factor))'),
    shape: z.enum(['cosine', 'linear']).default('cosine').describe('Of both halves (anneal_strategy)'),
  }),
  z.strictObject({
    type: z.literal('linear').describe('Straight lines between knots, updated at every step; constant outside them'),
    knots: knotsSchema.describe('Points that the factor passes through').meta({
      examples: [
        [
          { epoch: 0, factor: 0.1 },
          { epoch: 5, factor: 1 },
          { epoch: 20, factor: 0 },
        ],
      ],
    }),
  }),
]);

/** Factor on the learning rate over time; epochs are counted from 1. */
export type ScheduleConfig = Immutable<z.output<typeof scheduleSchema>>;

export const monitorSchema = z.enum([
  'validationLoss',
  'validationAccuracy',
  'validationBalancedAccuracy',
  'validationMacroF1',
]);

export type Monitor = z.output<typeof monitorSchema>;

export const earlyStoppingSchema = z.strictObject({
  monitor: monitorSchema.default('validationLoss').describe('The metric that must improve'),
  patience: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Epochs without improvement before the run ends')
    .meta({ unit: 'epochs', examples: [3] }),
  minDelta: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('A change counts as an improvement only if it is larger than this'),
});

export type EarlyStoppingConfig = Immutable<z.output<typeof earlyStoppingSchema>>;

const RGB = 3;

/** One number for all channels (which the output repeats), or one per channel: of gray images 1, of RGB images 3. */
const perChannel = (schema: z.ZodNumber) => {
  const list = z.array(schema).min(1).max(RGB);
  return z
    .union([schema, list])
    .transform((value) => (typeof value === 'number' ? Array.from({ length: RGB }, () => value) : value))
    .pipe(list);
};

/** The values of a `perChannel` setting for images of so many channels; undefined if they do not fit. */
export function channelValues(values: readonly number[], channels: number): readonly number[] | undefined {
  if (values.length === channels) return values;
  const [first] = values;
  return values.every((value) => value === first) ? Array.from({ length: channels }, () => first!) : undefined;
}

const normalizationSchema = z.strictObject({
  mean: perChannel(z.number().min(0).max(1))
    .prefault(0.5)
    .describe('Subtracted from pixels scaled to 0…1; one number, or one per channel'),
  standardDeviation: perChannel(z.number().min(0.001).max(10))
    .prefault(0.5)
    .describe('Divisor after the subtraction; one number, or one per channel'),
});

/** `dataset`: the channels' means and standard deviations over the training images. */
export const normalizationChoiceSchema = z.union([z.literal('dataset'), normalizationSchema]);

/** How pixels 0…255 become float32: (pixel/255 − mean) / standardDeviation, per channel. */
export type NormalizationConfig = Immutable<z.output<typeof normalizationChoiceSchema>>;
