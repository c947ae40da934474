import { everySettingUsed, type EpochRow, type Monitor, type Recipe } from '@bakeoff/core';

/** How much better `value` is than `reference` in the monitor's sense; positive is better. */
function improvement(monitor: Monitor, value: number, reference: number): number {
  return monitor === 'validationLoss' ? reference - value : value - reference;
}

/** Whether a run watches a figure that depends on the classes of its predictions. */
export function watchesClasses({ selection, earlyStopping }: Pick<Recipe, 'selection' | 'earlyStopping'>): boolean {
  const classes: readonly (Monitor | undefined)[] = ['validationBalancedAccuracy', 'validationMacroF1'];
  return classes.includes(selection) || classes.includes(earlyStopping?.monitor);
}

function valueOf(row: EpochRow, monitor: Monitor): number {
  const value = row[monitor];
  if (value === undefined) throw new Error(`epoch ${row.epoch} has no ${monitor}`);
  return value;
}

/** The epoch whose weights are kept: the best by the monitor, the first of equals; undefined before any has ended. */
export function bestEpoch(epochs: readonly EpochRow[], selection: Monitor): EpochRow | undefined {
  let best: EpochRow | undefined;
  for (const row of epochs)
    if (best === undefined || improvement(selection, valueOf(row, selection), valueOf(best, selection)) > 0) best = row;
  return best;
}

/** Epochs since the monitored value last improved by more than `minDelta`. */
function epochsWithoutImprovement(epochs: readonly EpochRow[], monitor: Monitor, minDelta: number): number {
  let reference: number | undefined;
  let stale = 0;
  for (const row of epochs) {
    if (reference === undefined || improvement(monitor, valueOf(row, monitor), reference) > minDelta) {
      reference = valueOf(row, monitor);
      stale = 0;
    } else stale++;
  }
  return stale;
}

/**
 * Why training ends after these epochs, or undefined if it continues. Derived only from the rows, so that resuming
 * needs no counters.
 */
export function stopReason(
  epochs: readonly EpochRow[],
  { maxEpochs, earlyStopping }: Pick<Recipe, 'maxEpochs' | 'earlyStopping'>,
): 'maxEpochs' | 'earlyStopping' | undefined {
  if (epochs.length >= maxEpochs) return 'maxEpochs';
  if (earlyStopping === null) return undefined;
  const { monitor, patience, minDelta, ...unused } = earlyStopping;
  everySettingUsed(unused);
  const stale = epochsWithoutImprovement(epochs, monitor, minDelta);
  return stale > 0 && stale >= patience ? 'earlyStopping' : undefined;
}
