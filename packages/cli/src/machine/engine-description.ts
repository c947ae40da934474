import { availableParallelism, cpus, totalmem } from 'node:os';
import type { EngineDescription } from '@bakeoff/core';
import type { Engine } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { buildInfo } from '../process/build-info.ts';
import { readGpus, usedGpu } from './nvidia-smi.ts';

/** Engine, machine and code as measurements record them. */
export async function describeEngine(engine: Engine): Promise<EngineDescription> {
  return {
    name: engine.name,
    build: engine.build,
    versions: { node: process.versions.node, ...engine.versions },
    hardware: { ...describeMachine(), ...(engines[engine.name].usesGpu ? await describeGpu() : {}) },
    bakeoffVersion: buildInfo.version,
    codeRevision: buildInfo.revision,
  };
}

/** Processor, cores and memory of this machine, or of the container if that has less. */
export function describeMachine(): Pick<EngineDescription['hardware'], 'processor' | 'cores' | 'memoryMib'> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMib: Math.round(memoryBytes() / 2 ** 20),
  };
}

function memoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

async function describeGpu(): Promise<Pick<EngineDescription['hardware'], 'gpu' | 'gpuDriver' | 'gpuMemoryMib'>> {
  const gpu = usedGpu((await readGpus()).gpus);
  if (gpu === undefined) return {};
  return {
    gpu: gpu.name,
    gpuDriver: gpu.driver,
    ...(gpu.memoryTotalMib === null ? {} : { gpuMemoryMib: gpu.memoryTotalMib }),
  };
}
