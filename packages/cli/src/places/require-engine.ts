import { computes, UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { requireGpu } from '../machine/require-gpu.ts';
import type { Task } from '../tasks/task.ts';
import { type ProbeOptions, probeEngine } from '../machine/probe-engine.ts';

/**
 * Before tasks that an engine was asked for by name: tries it, so that one that is not there stops the command before it prepares data or takes results away.
 * The engines that come with Bakeoff are there wherever it runs.
 * @throws UserError saying why it is not, and what would change that.
 */
export async function requireEngine(
  engine: EngineName | 'auto',
  tasks: readonly Task[],
  options: ProbeOptions,
): Promise<void> {
  if (engine === 'auto' || engines[engine].peer === null || !tasks.some(({ work }) => computes(work.stage))) return;
  if (engines[engine].usesGpu) await requireGpu(engine);
  const probe = await probeEngine(engine, options);
  if (!probe.works)
    throw new UserError({
      what: `the engine ${engine} is not available here: ${probe.reason}`,
      allowed: '`bakeoff doctor` tells which engines are there',
      fix: probe.fix ?? 'use --engine wasm',
    });
}
