import type { ModelConfig } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { describeModel } from '../../cost/describe-model.ts';
import { modelName } from '../model-name.ts';
import { modelNotation } from '../notation.ts';
import { buildLayers, modelSchemas } from '../registry.ts';
import { presets } from './registry.ts';

const input = { imageShape: [32, 32, 3], classes: 10 } as const;

/**
 * Counted by hooks on PyTorch modules (torch 2.15, torchvision 0.29.2); the wide ResNets also equal pytorchcv's, and
 * mobilenet-v2 torchvision's class with changed strides.
 */
const golden: Readonly<Record<string, readonly [parameters: number, macs: number]>> = {
  resnet20: [269_722, 40_551_040],
  resnet32: [464_154, 68_862_592],
  resnet44: [658_586, 97_174_144],
  resnet56: [853_018, 125_485_696],
  resnet110: [1_727_962, 252_887_680],
  'wrn-16-4': [2_748_890, 392_612_352],
  'wrn-28-10': [36_479_194, 5_243_328_768],
  'vgg11-bn': [9_231_114, 152_769_536],
  'vgg13-bn': [9_416_010, 228_267_008],
  'vgg16-bn': [14_728_266, 313_201_664],
  'mobilenet-v2': [2_236_682, 87_976_448],
};

const parse = (model: unknown) => modelSchemas['layers']!.parse(modelNotation.expand(model)) as ModelConfig;

it.each(Object.keys(presets))('%s has the parameters and MACs of the published network', (type) => {
  const { parameters, macs } = describeModel({ type }, input);
  expect([parameters, macs]).toEqual(golden[type]);
});

it.each(Object.keys(presets))('%s, its long form and the long form with every default are one network', (type) => {
  const byName = parse(type);
  expect(parse({ type })).toEqual(byName);
  expect(parse({ type: 'layers', layers: presets[type]!.layers })).toEqual(byName);
  expect(parse(byName)).toEqual(byName);
  expect(buildLayers(byName, input)).toEqual(buildLayers({ type }, input));
});

it.each(Object.keys(presets))('%s is called so however it was written, and no longer once a layer differs', (type) => {
  const { layers } = presets[type]!;
  expect(modelName(parse(type))).toBe(type);
  expect(modelName({ type: 'layers', layers: layers as ModelConfig['layers'] })).toBe(type);
  expect(modelName(parse({ type: 'layers', layers: [...layers, 'relu'] }))).toBe('layers');
});

it('a model that is no written network is called by its type', () => {
  expect(modelName({ type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] })).toBe('resnet');
  expect(modelName({ type: 'layers', layers: 3 })).toBe('layers');
});

it('a preset takes no settings, and an unknown one stays what was written', () => {
  expect(() => buildLayers({ type: 'resnet20', blocks: [3] }, input)).toThrow(/blocks/);
  expect(modelNotation.expand('resnet21')).toEqual({ type: 'resnet21' });
});

it("resnet20 differs from the study's by the biases of its convolutions alone", () => {
  const study = describeModel({ type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] }, input);
  const biases = 7 * 16 + 6 * 32 + 6 * 64;
  expect(study.parameters - describeModel({ type: 'resnet20' }, input).parameters).toBe(biases);
});
