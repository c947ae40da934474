import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from './nearest-names.ts';

describe('the nearest names', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['same', 'same', 0],
    ['flaw', 'lawn', 2],
  ])('%s and %s are %i edits apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('are found by spelling, regardless of case or hyphens', () => {
    expect(nearestNames('batchsize', ['batchSize', 'maxEpochs'])).toEqual(['batchSize']);
    expect(nearestNames('learning-rate', ['learningRate'])).toEqual(['learningRate']);
    expect(nearestNames('shedule', ['schedule', 'seeds', 'selection'])).toEqual(['schedule']);
  });

  it('are found by a part of them, after those that are spelled alike', () => {
    const charts = ['trainAccuracy', 'validationLoss', 'validationAccuracy', 'accuracyVsMacs', 'accurate'];
    expect(nearestNames('accuracy', charts)).toEqual(['accurate', 'trainAccuracy', 'validationAccuracy']);
    expect(nearestNames('folder', ['synthetic', 'image-folder'])).toEqual(['image-folder']);
    expect(nearestNames('net', ['cifarnet'])).toEqual([]);
  });

  it('are none if nothing is near', () => {
    expect(nearestNames('zzz', ['batchSize', 'l2'])).toEqual([]);
  });

  it('come nearest first, at most three', () => {
    expect(nearestNames('resnet', ['resnet18', 'resnet2', 'resnets', 'resnet110', 'cifarnet'])).toEqual([
      'resnet2',
      'resnets',
      'resnet18',
    ]);
  });
});
