import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { automaticEngines, engineNames } from '@bakeoff/engine/engines';
import { buildInfo } from '../process/build-info.ts';
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

/** Looks in the order of the AWS SDK. Only AWS knows whether the credentials are valid. */
function findCredentials(environment: NodeJS.ProcessEnv): string | null {
  if (environment['AWS_ACCESS_KEY_ID'] && environment['AWS_SECRET_ACCESS_KEY']) return 'in the environment';
  const files = [
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws/credentials'),
    environment['AWS_CONFIG_FILE'] || join(homedir(), '.aws/config'),
  ];
  if (files.some((file) => existsSync(file))) return `by profile ${environment['AWS_PROFILE'] || 'default'}`;
  if (environment['AWS_WEB_IDENTITY_TOKEN_FILE']) return 'by web identity';
  if (environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'])
    return "by the container's role";
  return null;
}
