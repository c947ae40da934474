import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Plan, type StageEvent, UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import type { SourcePlaces } from '../../plans/source-places.ts';
import type { Workplace } from '../workplace.ts';
import { findContainerEngine } from './container-engine.ts';
import { chooseImages, type ImageNames } from './container-images.ts';
import { launchContainers } from './launch-container.ts';

export interface ContainerOptions extends ImageNames, SourcePlaces {
  readonly plan: Plan;
  readonly store: string;
  readonly engine: EngineName | 'auto';
}

/**
 * The workplace of `--docker`: containers of docker or podman, with the folders of this command.
 * @throws UserError if no engine answers, or an image is missing.
 */
export async function openContainers(
  { plan, store, engine: engineName, image, gpuImage, ...places }: ContainerOptions,
  log: (event: StageEvent) => void,
): Promise<Workplace> {
  const engine = await findContainerEngine();
  const images = await chooseImages(engine, engineName, { image, gpuImage }, log);
  log({
    type: 'message',
    text: `containers with ${engine.program}: ${images.cpu}${images.gpu === undefined ? '' : `, and ${images.gpu} with its GPUs`}`,
  });
  // If the engine creates a missing folder, the folder belongs to root.
  await makeFolder(places.cacheFolder);
  const aws = join(homedir(), '.aws');
  const launch = launchContainers({
    engine,
    images,
    plan,
    store,
    ...places,
    workingFolder: process.cwd(),
    user: process.platform === 'win32' ? undefined : userInfo(),
    awsFolder: existsSync(aws) ? aws : undefined,
    environment: process.env,
  });
  return { launch, machine: engine, usesGpu: images.gpu !== undefined };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new UserError(
      {
        what: `the folder for downloads cannot be created: ${(error as Error).message}`,
        received: folder,
        fix: 'name another folder with --cache',
      },
      { cause: error },
    );
  }
}
