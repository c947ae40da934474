import type { Recipe } from '@bakeoff/core';
import type { SampleOptions } from './sample-dataset.ts';
import { classifier, smoothNetwork, written } from './smooth-network.ts';

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

const convolution = (filters: number, settings: object = {}) => ({
  type: 'conv2d',
  filters,
  kernel: 3,
  padding: 1,
  bias: false,
  ...settings,
});

/** Trainings of written networks that PyTorch did too: every layer that a manifest can write and that draws nothing. */
export const tracedNetworks: Readonly<Record<string, Partial<Recipe>>> = {
  'depthwise convolutions and GELU': {
    ...smooth,
    model: written(
      convolution(12, { groups: 3 }),
      'batchNorm',
      'gelu',
      convolution(12, { groups: 12, stride: 2 }),
      'batchNorm',
      'gelu',
      { type: 'conv2d', filters: 8, kernel: 1 },
      'tanh',
      { type: 'averagePool', kernel: 2 },
      ...classifier,
    ),
  },
  'convolutions in groups, SiLU, overlapping average pools, flatten, a scaled dense layer without bias': {
    ...smooth,
    model: written(
      convolution(8, { bias: true }),
      'tanh',
      convolution(8, { groups: 2, bias: true }),
      'silu',
      { type: 'averagePool', kernel: 3, stride: 2, padding: 1 },
      'flatten',
      { type: 'dense', units: 'classes', bias: false },
      { type: 'scale', factor: 0.5 },
    ),
  },
  'residuals with every shortcut, repeated': {
    ...smooth,
    model: written(
      convolution(8, { name: 'stem' }),
      'batchNorm',
      'gelu',
      {
        type: 'repeat',
        times: 2,
        layers: [{ type: 'residual', name: 'block', branch: [convolution(8, { name: 'conv' }), 'batchNorm', 'gelu'] }],
      },
      { type: 'residual', shortcut: 'A', branch: [convolution(12, { stride: 2 }), 'batchNorm'] },
      'tanh',
      { type: 'residual', shortcut: 'B', branch: [convolution(16, { stride: 2 }), 'batchNorm'] },
      'tanh',
      {
        type: 'residual',
        branch: [convolution(8), 'batchNorm', 'silu'],
        shortcut: [{ type: 'conv2d', name: 'bare', filters: 8, kernel: 1, bias: false }],
      },
      ...classifier,
    ),
  },
  'ReLU6 and max pools': {
    ...smooth,
    model: written(convolution(8), 'batchNorm', 'relu6', { type: 'maxPool', kernel: 2 }, ...classifier),
  },
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
