import type { Recipe } from '@bakeoff/core';
import type { SampleOptions } from './sample-dataset.ts';
import { smoothNetwork } from './smooth-network.ts';

/** 4 steps per epoch, the last with 6 images; half of the images are of the first class. */
export const TRACED_DATASET: SampleOptions = { train: 30, validation: 20, labelOf: (i) => (i % 2 === 0 ? 0 : i % 4) };

const SGD = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: true,
  l2: 5e-3,
  decayBiasAndNorm: true,
} as const;
const ADAMW: Recipe['optimizer'] = {
  type: 'adamw',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.5,
  decayBiasAndNorm: false,
};

const smooth = {
  model: smoothNetwork(),
  optimizer: SGD,
  schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 0.1 },
  batchSize: 8,
  maxEpochs: 3,
} as const satisfies Partial<Recipe>;

/** Every option that needs state, randomness or the whole batch. */
export const several = {
  labelSmoothing: 0.1,
  classWeights: 'balanced',
  mixup: { alpha: 0.4 },
  maxGradientNorm: 0.5,
  ema: { decay: 0.8 },
  normalization: 'dataset',
} as const satisfies Partial<Recipe>;

/** Trainings that PyTorch did too: each option of a recipe alone, and several together. */
export const tracedRecipes: Readonly<Record<string, Partial<Recipe>>> = {
  'SGD with Nesterov momentum': smooth,
  'label smoothing': { ...smooth, labelSmoothing: 0.2 },
  'class weights': { ...smooth, classWeights: { red: 0.5, blue: 3 } },
  'balanced class weights with label smoothing': { ...smooth, classWeights: 'balanced', labelSmoothing: 0.1 },
  'balanced sampling': { ...smooth, sampling: 'balanced' },
  mixup: { ...smooth, mixup: { alpha: 0.4 } },
  'gradient clipping': { ...smooth, maxGradientNorm: 0.5 },
  'no decay of biases and norms': { ...smooth, optimizer: { ...SGD, l2: 0.1, decayBiasAndNorm: false } },
  'no decoupled decay of biases and norms': { ...smooth, optimizer: ADAMW },
  'moving averages of the weights': { ...smooth, ema: { decay: 0.8 } },
  'one cycle': {
    ...smooth,
    schedule: { type: 'oneCycle', riseFraction: 0.3, startFactor: 0.04, finalFactor: 4e-6, shape: 'cosine' },
  },
  'one cycle of straight lines': {
    ...smooth,
    schedule: { type: 'oneCycle', riseFraction: 0.5, startFactor: 0.1, finalFactor: 0, shape: 'linear' },
  },
  'a linear schedule': {
    ...smooth,
    optimizer: { ...SGD, learningRate: 0.4 },
    schedule: {
      type: 'linear',
      knots: [
        { epoch: 0, factor: 0 },
        { epoch: 1.5, factor: 1 },
        { epoch: 3, factor: 0 },
      ],
    },
  },
  "the dataset's own statistics": { ...smooth, normalization: 'dataset' },
  'all options together': { ...smooth, ...several },
};

/** A network with ReLUs, 52 steps, several options. */
export const tracedReluRecipe: Partial<Recipe> = {
  ...several,
  model: {
    type: 'resnet',
    blocks: [1],
    channels: [8],
    firstChannels: 8,
    shortcut: 'A',
    batchNorm: true,
    dropout2d: 0,
  },
  optimizer: { ...SGD, decayBiasAndNorm: false },
  schedule: { type: 'oneCycle', riseFraction: 0.3, startFactor: 0.04, finalFactor: 4e-6, shape: 'cosine' },
  batchSize: 8,
  maxEpochs: 13,
};
