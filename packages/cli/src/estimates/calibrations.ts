import {
  type Calibration,
  calibrationSchema,
  contentId,
  type EngineDescription,
  readRecords,
  type Store,
  UserError,
  writeJson,
} from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { openStore } from '../plans/open-store.ts';

/** What speeds hold for: a machine and a build of Bakeoff. */
export interface MachineAndBuild {
  readonly hardware: Pick<EngineDescription['hardware'], 'processor' | 'cores'>;
  readonly bakeoffVersion: string;
  readonly codeRevision: string;
}

/** Whether something was measured on this machine, by this build. */
export function isOf(
  { hardware: { processor, cores }, bakeoffVersion, codeRevision }: MachineAndBuild,
  here: MachineAndBuild,
): boolean {
  return (
    processor === here.hardware.processor &&
    cores === here.hardware.cores &&
    bakeoffVersion === here.bakeoffVersion &&
    codeRevision === here.codeRevision
  );
}

function folderOf({ hardware: { processor, cores }, bakeoffVersion, codeRevision }: MachineAndBuild): string {
  return `calibrations/${contentId({ processor, cores, bakeoffVersion, codeRevision })}/`;
}

/** Keeps a calibration in the user's cache, one per machine, build and engine. */
export async function keepCalibration(cacheFolder: string, calibration: Calibration): Promise<void> {
  const { engine } = calibration;
  await writeJson(await openStore(cacheFolder), `${folderOf(engine)}${engine.name}.json`, calibration);
}

/**
 * The newest calibration of this machine and build by one of the engines. One that cannot be read counts as none: it is
 * quickly made again.
 */
export async function readCalibration(
  cacheFolder: string,
  here: MachineAndBuild,
  engines: readonly EngineName[],
): Promise<Calibration | undefined> {
  const kept = await readAll(await openStore(cacheFolder), folderOf(here));
  return kept
    .filter(({ engine }) => isOf(engine, here) && engines.some((name) => name === engine.name))
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

async function readAll(cache: Store, folder: string): Promise<Calibration[]> {
  try {
    return await readRecords(cache, folder, calibrationSchema);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
