import { type StageEvent, UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { buildInfo } from '../../process/build-info.ts';
import { callEngine } from './call-engine.ts';
import type { ContainerEngine } from './container-engine.ts';

export interface ImageNames {
  /** Image of every stage on the CPU. */
  readonly image: string;
  /** Image of training and evaluation if there is a GPU. */
  readonly gpuImage: string;
}

export interface Images {
  readonly cpu: string;
  /** Undefined: no GPU is used. */
  readonly gpu: string | undefined;
}

type Log = (event: StageEvent) => void;

/**
 * The images that stages run in, after checking that they exist. The GPU image is included if `engineName` asks for a
 * GPU, or is `auto` and there is one.
 * @throws UserError naming the missing image and the command that builds it, or the missing GPU.
 */
export async function chooseImages(
  engine: ContainerEngine,
  engineName: EngineName | 'auto',
  { image, gpuImage }: ImageNames,
  log: Log,
): Promise<Images> {
  if (!(await inspect(engine, image, log))) throw missing(engine, image, 'cpu');
  return { cpu: image, gpu: (await wantsGpu(engine, engineName, gpuImage, log)) ? gpuImage : undefined };
}

async function wantsGpu(
  engine: ContainerEngine,
  engineName: EngineName | 'auto',
  gpuImage: string,
  log: Log,
): Promise<boolean> {
  const asked = engineName !== 'auto';
  if (asked && !engines[engineName].usesGpu) return false;
  if (!engine.nvidia) {
    if (asked)
      throw new UserError({
        what: `${engine.program} has no NVIDIA runtime, which the engine ${engineName} needs`,
        fix: 'install the NVIDIA Container Toolkit (and run `nvidia-ctk runtime configure`), or use --engine wasm',
      });
    return false;
  }
  if (await inspect(engine, gpuImage, log)) return true;
  if (asked) throw missing(engine, gpuImage, 'gpu');
  log({
    type: 'warning',
    text: `there is a GPU, but no image ${gpuImage}: training on the CPU. To build it: ${engine.program} build --target gpu -t ${gpuImage} .`,
  });
  return false;
}

/** False if the image does not exist; warns if it was built from other code than this command. */
async function inspect({ program }: ContainerEngine, image: string, log: Log): Promise<boolean> {
  const { exitCode, stdout } = await callEngine(program, [
    'image',
    'inspect',
    '--format',
    '{{json .Config.Labels}}',
    image,
  ]);
  if (exitCode !== 0) return false;
  const labels = JSON.parse(stdout) as Readonly<Record<string, string>> | null;
  const revision = labels?.['org.opencontainers.image.revision'] ?? 'unknown';
  if (![revision, buildInfo.revision].includes('unknown') && revision !== buildInfo.revision) {
    log({
      type: 'warning',
      text:
        `the image ${image} is of revision ${revision.slice(0, 12)}, but this command is of ` +
        `${buildInfo.revision.slice(0, 12)}: results may differ from those without --docker`,
    });
  }
  return true;
}

function missing({ program }: ContainerEngine, image: string, target: 'cpu' | 'gpu'): UserError {
  const fetchIt = image.includes('/') ? `, or pull it: ${program} pull ${image}` : '';
  return new UserError({
    what: `there is no image ${image}`,
    received: image,
    fix: `build it in the repository: ${program} build --target ${target} -t ${image} .${fetchIt}`,
  });
}
