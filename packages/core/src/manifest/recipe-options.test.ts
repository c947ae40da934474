import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { UserError } from '../user-error.ts';
import { parseManifest } from './parse-manifest.ts';
import type { Recipe } from './recipe-schema.ts';

/** `settings` stand on lines 6 and following, indented by 4. */
const manifest = (settings: string): string => `name: options
dataset: { source: cifar10 }
defaults: { optimizer: { type: sgd, learningRate: 0.4 }, maxEpochs: 4, batchSize: 8 }
experiments:
  - { id: plain, model: { type: cifarnet } }
  - id: x
    model: { type: cifarnet }
${settings.replace(/^/gm, '    ')}
`;

function recipeOf(settings: string): Recipe {
  const { experiments } = parseManifest(manifest(settings), { fileName: 'm.yaml', vocabulary: exampleVocabulary });
  return experiments.find(({ id }) => id === 'x')!.recipe;
}

function mistake(settings: string): UserError['parts'] {
  try {
    recipeOf(settings);
  } catch (error) {
    if (error instanceof UserError) return error.parts;
    throw error;
  }
  throw new Error(`accepted: ${settings}`);
}

describe('options of a recipe', () => {
  it('are read with their defaults', () => {
    expect(
      recipeOf(
        [
          'labelSmoothing: 0.1',
          'classWeights: { cat: 2, dog: 0.5 }',
          'sampling: balanced',
          'mixup: {}',
          'maxGradientNorm: 1',
          'ema: {}',
          'normalization: dataset',
          'optimizer: { l2: 5e-4, decayBiasAndNorm: false, nesterov: true }',
          'schedule: { type: oneCycle }',
        ].join('\n'),
      ),
    ).toMatchObject({
      labelSmoothing: 0.1,
      classWeights: { cat: 2, dog: 0.5 },
      sampling: 'balanced',
      mixup: { alpha: 0.2 },
      maxGradientNorm: 1,
      ema: { decay: 0.999 },
      normalization: 'dataset',
      optimizer: { decayBiasAndNorm: false, nesterov: true },
      schedule: { type: 'oneCycle', riseFraction: 0.3, startFactor: 0.04, finalFactor: 4e-6, shape: 'cosine' },
    });
  });

  it('can rise to 0.4 at epoch 1.5 and fall to 0 at epoch 4', () => {
    const knots = [
      { epoch: 0, factor: 0 },
      { epoch: 1.5, factor: 1 },
      { epoch: 4, factor: 0 },
    ];
    const { schedule, optimizer } = recipeOf(`schedule: { type: linear, knots: ${JSON.stringify(knots)} }`);
    expect(schedule).toEqual({ type: 'linear', knots });
    expect(optimizer.learningRate).toBe(0.4);
  });

  it.each<[string, string, Partial<UserError['parts']>]>([
    [
      'mixup: {}\nbatchSize: 1',
      '8:12: experiment "x": mixup has no second image to mix with in a batch of 1: choose a larger batchSize, or null',
      {},
    ],
    [
      'classWeights: balanced\nsampling: balanced',
      '8:19: experiment "x": balanced classWeights and balanced sampling correct the same imbalance twice: choose one of them',
      {},
    ],
    [
      'schedule: { type: oneCycle, warmupEpochs: 2 }',
      '8:33: experiment "x": unknown setting "schedule.warmupEpochs"',
      { allowed: 'type, riseFraction, startFactor, finalFactor, shape' },
    ],
    [
      'schedule: { type: linear, knots: [{ epoch: 0, factor: 1 }, { epoch: 5, factor: 0 }] }',
      '8:38: experiment "x": the last knot, at epoch 5, is after the end of the run: choose epochs up to maxEpochs 4',
      {},
    ],
    [
      'schedule: { type: linear, knots: [{ epoch: 2, factor: 1 }, { epoch: 2, factor: 0 }] }',
      '8:38: experiment "x": the epochs of knots must increase',
      {},
    ],
    [
      'schedule: { type: linear, knots: [{ epoch: 0, factor: 0 }] }',
      '8:38: experiment "x": every knot has factor 0, which trains nothing: give one a factor above 0',
      {},
    ],
    ['labelSmoothing: 1', '8:21: experiment "x": "labelSmoothing" is out of range', { received: '1' }],
    [
      'classWeights: { cat: 0 }',
      '8:26: experiment "x": "classWeights.cat" is out of range',
      { allowed: 'a number above 0 and at most 1000' },
    ],
    [
      'classWeights: even',
      '8:19: experiment "x": "classWeights" has the wrong type',
      { allowed: '"balanced", or a map of names, each with a number above 0 and at most 1000, or null' },
    ],
    [
      'normalization: { men: 0.4 }',
      '8:22: experiment "x": unknown setting "normalization.men"',
      { fix: 'did you mean "mean"?' },
    ],
    [
      'normalization: { mean: [0.4, 1.5, 0.4] }',
      '8:34: experiment "x": "normalization.mean.1" is out of range',
      { received: '1.5', allowed: 'a number from 0 to 1' },
    ],
    ['ema: { decay: 1 }', '8:19: experiment "x": "ema.decay" is out of range', { received: '1' }],
    ['maxGradientNorm: 0', '8:22: experiment "x": "maxGradientNorm" is out of range', { received: '0' }],
  ])('%s: is refused in one message', (settings, what, parts) => {
    expect(mistake(settings)).toMatchObject({ what: `m.yaml:${what}`, ...parts });
  });
});
