import type { EpochRow, Monitor } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { bestEpoch, stopReason, watchesClasses } from './selection.ts';

const rows = (monitor: Monitor, values: readonly number[]): EpochRow[] =>
  values.map((value, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5,
    learningRate: 0.1,
    [monitor]: value,
  }));

/** The number of epochs a run with these values would train. */
function epochsTrained(monitor: Monitor, values: readonly number[], patience: number, minDelta = 0): number {
  const recipe = { maxEpochs: values.length, earlyStopping: { monitor, patience, minDelta } };
  return values.findIndex((_, i) => stopReason(rows(monitor, values.slice(0, i + 1)), recipe) !== undefined) + 1;
}

const chosenBy = (monitor: Monitor): number | undefined => bestEpoch(rows(monitor, [0.2, 0.7, 0.5]), monitor)?.epoch;

const watched = (selection: Monitor, monitor: Monitor): boolean =>
  watchesClasses({ selection, earlyStopping: { monitor, patience: 1, minDelta: 0 } });

describe('bestEpoch', () => {
  it('is the lowest validation loss or the highest validation accuracy', () => {
    expect(bestEpoch(rows('validationLoss', [0.9, 0.5, 0.7]), 'validationLoss')?.epoch).toBe(2);
    expect(bestEpoch(rows('validationAccuracy', [0.2, 0.5, 0.7]), 'validationAccuracy')?.epoch).toBe(3);
  });

  it('is the highest balanced accuracy or macro F1, which only runs that watch one of them compute', () => {
    expect(chosenBy('validationBalancedAccuracy')).toBe(2);
    expect(chosenBy('validationMacroF1')).toBe(2);
    expect(() => bestEpoch(rows('validationLoss', [1, 2]), 'validationMacroF1')).toThrow(/epoch 2 has no/);
    expect(watched('validationMacroF1', 'validationLoss')).toBe(true);
    expect(watched('validationLoss', 'validationBalancedAccuracy')).toBe(true);
    expect(watched('validationAccuracy', 'validationLoss')).toBe(false);
  });

  it('is the first of equals', () => {
    expect(bestEpoch(rows('validationAccuracy', [0.2, 0.7, 0.7]), 'validationAccuracy')?.epoch).toBe(2);
  });

  it('is none before an epoch has ended', () => {
    expect(bestEpoch([], 'validationLoss')).toBeUndefined();
  });
});

describe('stopReason', () => {
  it('ends after `patience` epochs in a row without improvement', () => {
    expect(epochsTrained('validationLoss', [1, 0.9, 0.95, 0.91, 0.92, 0.1, 0.1], 3)).toBe(5);
    expect(epochsTrained('validationAccuracy', [0.1, 0.5, 0.5, 0.4, 0.9], 2)).toBe(4);
  });

  it('starts counting again after an improvement', () => {
    expect(epochsTrained('validationLoss', [1, 1.1, 0.9, 1, 1, 0.8, 1], 3)).toBe(7);
  });

  it('does not count an improvement of at most minDelta, measured from the last real one', () => {
    expect(epochsTrained('validationLoss', [1, 0.95, 0.92, 0.91, 0.1], 2, 0.1)).toBe(3);
    expect(epochsTrained('validationLoss', [1, 0.95, 0.89, 0.88, 0.87], 2, 0.1)).toBe(5);
  });

  it('calls the last epoch maxEpochs, even if patience ran out there', () => {
    expect(
      stopReason(rows('validationLoss', [1, 2]), {
        maxEpochs: 2,
        earlyStopping: { monitor: 'validationLoss', patience: 1, minDelta: 0 },
      }),
    ).toBe('maxEpochs');
    expect(
      stopReason(rows('validationLoss', [1, 2]), {
        maxEpochs: 3,
        earlyStopping: { monitor: 'validationLoss', patience: 1, minDelta: 0 },
      }),
    ).toBe('earlyStopping');
  });

  it('continues without early stopping', () => {
    expect(stopReason(rows('validationLoss', [1, 2, 3, 4]), { maxEpochs: 5, earlyStopping: null })).toBeUndefined();
  });
});
