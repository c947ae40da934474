import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { EngineDescription } from '@bakeoff/core';
import type { Engine } from '@bakeoff/model/engine';
import { buildInfo } from './build-info.ts';

/** Engine, machine and code as they stand in measurements. */
export function describeEngine(engine: Engine): EngineDescription {
  const gpu = engine.name === 'tensorflow-gpu' ? gpuName() : undefined;
  return {
    name: engine.name,
    build: engine.build,
    versions: { node: process.versions.node, ...engine.versions },
    hardware: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryMib: Math.round(memoryBytes() / 2 ** 20),
      ...(gpu === undefined ? {} : { gpu }),
    },
    bakeoffVersion: buildInfo.version,
    codeRevision: buildInfo.revision,
  };
}

/** The machine's memory, or the container's where that is less. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function gpuName(): string | undefined {
  const answer = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { encoding: 'utf8', timeout: 5000 });
  return answer.status === 0 ? answer.stdout.trim().split('\n').join(', ') : undefined;
}
