import { existsSync } from 'node:fs';
import { UserError } from '@bakeoff/core';
import type { Machine } from '../../tasks/job-limits.ts';
import { callEngine, type EngineCall } from './call-engine.ts';

/** Docker, or Podman, which accepts the same commands. */
export interface ContainerEngine extends Machine {
  readonly program: 'docker' | 'podman';
  readonly isPodman: boolean;
  /** Runs without root: the user is root inside the container. */
  readonly rootless: boolean;
  readonly selinux: boolean;
  /** Containers can be given NVIDIA GPUs. */
  readonly nvidia: boolean;
}

interface DockerInfo {
  readonly NCPU?: number;
  readonly MemTotal?: number;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
  readonly SecurityOptions?: readonly string[] | null;
  readonly DiscoveredDevices?: readonly { readonly ID?: string }[] | null;
  readonly ServerErrors?: readonly string[] | null;
}

interface PodmanInfo {
  readonly host: {
    readonly cpus: number;
    readonly memTotal: number;
    readonly security: { readonly rootless: boolean; readonly selinuxEnabled: boolean };
  };
}

/** Where the NVIDIA toolkit describes its devices for engines that read CDI. */
const CDI_FILES = [
  '/etc/cdi/nvidia.yaml',
  '/etc/cdi/nvidia.json',
  '/var/run/cdi/nvidia.yaml',
  '/var/run/cdi/nvidia.json',
];

/** Finds the engine that answers: docker first, then podman. @throws UserError saying what is wrong with each. */
export async function findContainerEngine(answerWithinMs?: number): Promise<ContainerEngine> {
  const reasons: string[] = [];
  for (const program of ['docker', 'podman'] as const) {
    const answer = await callEngine(program, ['info', '--format', '{{json .}}'], answerWithinMs);
    const engine = describeEngine(program, answer);
    if (engine !== undefined) return engine;
    reasons.push(`${program}: ${explainNoAnswer(answer)}`);
  }
  throw new UserError({
    what: 'no container engine answers',
    received: reasons.join('; '),
    allowed: 'docker or podman',
    fix: adviseOn(reasons),
  });
}

/** What an engine's `info` says; undefined if there is no engine behind the command. */
function describeEngine(
  program: 'docker' | 'podman',
  { exitCode, stdout }: Pick<EngineCall, 'exitCode' | 'stdout'>,
): ContainerEngine | undefined {
  const info = exitCode === 0 ? parse(stdout) : undefined;
  if (info === undefined) return undefined;
  // Podman may also be installed under the name docker.
  if ('host' in info) {
    const { cpus, memTotal, security } = info.host;
    return {
      program,
      isPodman: true,
      cores: cpus,
      memoryBytes: memTotal,
      rootless: security.rootless,
      selinux: security.selinuxEnabled,
      nvidia: CDI_FILES.some((file) => existsSync(file)),
    };
  }
  const { NCPU, MemTotal, Runtimes, SecurityOptions, DiscoveredDevices, ServerErrors } = info;
  if (NCPU === undefined || MemTotal === undefined || (ServerErrors ?? []).length > 0) return undefined;
  const security = (SecurityOptions ?? []).join(' ');
  const nvidia =
    Runtimes?.['nvidia'] !== undefined ||
    (DiscoveredDevices ?? []).some(({ ID }) => ID?.startsWith('nvidia.com/gpu') === true);
  return {
    program,
    isPodman: false,
    cores: NCPU,
    memoryBytes: MemTotal,
    rootless: security.includes('name=rootless'),
    selinux: security.includes('name=selinux'),
    nvidia,
  };
}

function parse(text: string): DockerInfo | PodmanInfo | undefined {
  try {
    return JSON.parse(text) as DockerInfo | PodmanInfo;
  } catch {
    return undefined;
  }
}

function explainNoAnswer({ missing, stdout, stderr }: EngineCall): string {
  if (missing) return 'is not installed';
  const serverErrors = (parse(stdout) as DockerInfo | undefined)?.ServerErrors ?? [];
  const [line = 'does not answer'] = [...serverErrors, ...stderr.trim().split('\n')].filter((text) => text !== '');
  return line;
}

function adviseOn(reasons: readonly string[]): string {
  const all = reasons.join(' ');
  if (/permission denied/i.test(all))
    return 'let this user reach the engine (`sudo usermod -aG docker $USER`, then log in again), or use podman, which needs no root';
  if (reasons.every((reason) => reason.endsWith('is not installed')))
    return 'install Docker or Podman, or leave out --docker: the stages also run as plain processes';
  return 'start the engine (`sudo systemctl start docker`, `podman machine start`, or Docker Desktop), or leave out --docker';
}
