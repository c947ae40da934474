import { UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { automaticEngines, engineNames } from '@bakeoff/engine/engines';
import { buildInfo } from '../process/build-info.ts';
import { findCredentials } from '../machine/aws-credentials.ts';
import { findContainerEngine } from '../places/docker/container-engine.ts';
import { describeMachine } from '../machine/engine-description.ts';
import { findNvidia, type NvidiaState } from '../machine/find-nvidia.ts';
import type { EngineProbe } from '../machine/engine-probe.ts';
import { probeEngine } from '../machine/probe-engine.ts';

/** What `bakeoff doctor` found out; --json prints it unchanged. */
export interface Findings {
  readonly bakeoff: { readonly version: string; readonly revision: string };
  readonly node: { readonly version: string; readonly platform: string; readonly architecture: string };
  readonly machine: ReturnType<typeof describeMachine> & { readonly inContainer: boolean };
  /** In the order in which auto tries them. */
  readonly engines: readonly EngineProbe[];
  /** What `--engine auto` takes; null if no engine works. */
  readonly automatic: EngineName | null;
  readonly nvidia: NvidiaState;
  readonly containers:
    | { readonly program: string; readonly cores: number; readonly memoryMib: number; readonly nvidia: boolean }
    | { readonly program: null; readonly reason: string };
  /**
   * Where the AWS clients would first find credentials without using the network; null if they would have to use it.
   */
  readonly aws: { readonly credentials: string | null; readonly region: string | null };
}

/** A working Docker answers within this time. */
const CONTAINER_ANSWER_MS = 10_000;

export async function examine(signal: AbortSignal): Promise<Findings> {
  const [engines, nvidia, containers] = await Promise.all([
    Promise.all(engineNames.map((engine) => probeEngine(engine, { signal }))),
    findNvidia(),
    examineContainers(),
  ]);
  return {
    bakeoff: buildInfo,
    node: { version: process.versions.node, platform: process.platform, architecture: process.arch },
    machine: { ...describeMachine(), inContainer: process.env['BAKEOFF_CONTAINER'] !== undefined },
    engines,
    automatic: engines.find(({ engine, works }) => works && automaticEngines.includes(engine))?.engine ?? null,
    nvidia,
    containers,
    aws: {
      credentials: findCredentials(process.env),
      region: process.env['AWS_REGION'] || null,
    },
  };
}

async function examineContainers(): Promise<Findings['containers']> {
  try {
    const { program, cores, memoryBytes, nvidia } = await findContainerEngine(CONTAINER_ANSWER_MS);
    return { program, cores, memoryMib: Math.round(memoryBytes / 2 ** 20), nvidia };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { program: null, reason: error.parts.received ?? error.parts.what };
  }
}
