import type { Plan, PlannedDataset, PlannedRun, Store } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { automaticEngines, engines as facts } from '@bakeoff/engine/engines';
import { describeMachine } from '../machine/engine-description.ts';
import { buildInfo } from '../process/build-info.ts';
import { calibratedSpeeds } from './calibrated-speeds.ts';
import { isOf, readCalibration } from './calibrations.ts';
import { NO_SPEEDS, type RunSpeeds } from './expected-time.ts';
import { readKeptSpeeds } from './kept-speeds.ts';

/** Where an estimate comes from. */
export type Basis = 'measured' | 'calibrated' | 'unknown';

export interface MachineSpeeds extends RunSpeeds {
  /** What is known of how long a run trains. */
  basis(run: PlannedRun, dataset: PlannedDataset): Basis;
  /** Whether the engine that they are of keeps the whole machine busy with one run. */
  readonly takesWholeMachine: boolean;
}

export interface SpeedPlaces {
  readonly store: Store;
  /** The folder with this machine's calibrations. */
  readonly cacheFolder: string;
  readonly engine: EngineName | 'auto';
  /** Whether every core is expected to train a run of its own. */
  readonly isShared: boolean;
}

/**
 * What is known of this machine and this build: the measurements of runs of the same networks, else the last
 * calibration.
 */
export async function readMachineSpeeds(
  plan: Plan,
  { store, cacheFolder, engine, isShared }: SpeedPlaces,
): Promise<MachineSpeeds> {
  const here = {
    hardware: describeMachine(),
    bakeoffVersion: buildInfo.version,
    codeRevision: buildInfo.revision,
  };
  const engines = engine === 'auto' ? automaticEngines : [engine];
  const calibration = await readCalibration(cacheFolder, here, engines);
  // Where an engine was chosen for the calibration, the trainings will take the same one.
  const wanted = calibration === undefined ? engines : [calibration.engine.name];
  const kept = await readKeptSpeeds(store, plan, (by) => isOf(by, here) && wanted.some((name) => name === by.name));
  const calibrated =
    calibration === undefined ? NO_SPEEDS : calibratedSpeeds(calibration, isShared ? calibration.sharing : 1);
  return {
    training: (run, dataset) => kept.training(run, dataset) ?? calibrated.training(run, dataset),
    evaluation: (run, dataset) => kept.evaluation(run, dataset) ?? calibrated.evaluation(run, dataset),
    basis: (run, dataset) =>
      kept.training(run, dataset) !== null
        ? 'measured'
        : calibrated.training(run, dataset) !== null
          ? 'calibrated'
          : 'unknown',
    takesWholeMachine: wanted.length === 1 && facts[wanted[0] as EngineName].takesWholeMachine,
  };
}
