import { computes, UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { readNativeSetting } from '../machine/native-setting.ts';
import { requireGpu } from '../machine/require-gpu.ts';
import { readXlaSetting } from '../machine/xla-setting.ts';
import type { Task } from '../tasks/task.ts';
import { type ProbeOptions, probeEngine } from '../machine/probe-engine.ts';

/**
 * Checks BAKEOFF_NATIVE and BAKEOFF_XLA, and tries native kernels that it asks for by name. Tries an engine that was requested by name,
 * so that an engine that does not work stops the command before it prepares data or removes results. The engines that
 * come with Bakeoff work everywhere and are not tried.
 * @throws UserError saying why the engine does not work, and how to fix that.
 */
export async function requireEngine(
  engine: EngineName | 'auto',
  tasks: readonly Task[],
  options: ProbeOptions,
): Promise<void> {
  const native = readNativeSetting(process.env);
  const xla = readXlaSetting(process.env);
  if (native !== 'auto' && native !== 'off' && (engine === 'auto' || engine === 'wasm')) {
    const probe = await probeEngine('wasm', options);
    if (!probe.works)
      throw new UserError(probe.mistake ?? { what: `the engine wasm does not work here: ${probe.reason}` });
  }
  if (engine === 'auto' || (engines[engine].peer === null && !xla) || !tasks.some(({ work }) => computes(work.stage)))
    return;
  if (engines[engine].usesGpu) await requireGpu(engine);
  const probe = await probeEngine(engine, options);
  if (!probe.works && xla && probe.mistake !== undefined) throw new UserError(probe.mistake);
  if (!probe.works)
    throw new UserError({
      what: `the engine ${engine} is not available here: ${probe.reason}`,
      allowed: 'an engine that works here; to list them: bakeoff doctor',
      fix: probe.fix ?? 'use --engine wasm',
    });
}
