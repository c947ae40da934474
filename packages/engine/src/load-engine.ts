import { type StageEvent, UserError } from '@bakeoff/core';
import type { NativeOption } from '@bakeoff/wasm-kernels/native-options';
import { cpuEngine } from './cpu-engine.ts';
import type { Engine, EngineImplementation, EngineSettings } from './engine.ts';
import { automaticEngines, type EngineName, engineNames, engines } from './engines.ts';
import { tensorflowEngine } from './tensorflow-engine.ts';
import { wasmEngine } from './wasm-engine.ts';

export interface EngineOptions {
  readonly log?: (event: StageEvent) => void;
  /**
   * Which build of the kernels to use, for an engine that was chosen by name and has several; default: the fastest that
   * this Node runs.
   */
  readonly build?: string;
  /** Which native kernels the engine wasm uses, unless `build` says it; default: auto. */
  readonly native?: NativeOption;
  /**
   * Compile whole steps with XLA; an engine chosen by name that cannot is refused, and `auto` takes one that can. Default:
   * no.
   */
  readonly xla?: boolean;
  /** Run steps operation by operation, although the engine could record them. Default: no. */
  readonly eager?: boolean;
}

const implementations: Readonly<Record<EngineName, EngineImplementation>> = {
  'tensorflow-gpu': tensorflowEngine('tensorflow-gpu'),
  wasm: wasmEngine,
  tensorflow: tensorflowEngine('tensorflow'),
  cpu: cpuEngine,
};

function settingsOf({ native = 'auto', xla = false, eager = false, log }: EngineOptions): EngineSettings {
  return { native, xla, eager, warn: (text) => log?.({ type: 'warning', text }) };
}

function requireRecording(name: EngineName, { xla = false }: EngineOptions): void {
  if (!xla || engines[name].recordsSteps) return;
  throw new UserError({
    what: `the engine ${name} does not compile steps with XLA`,
    received: '--xla, or BAKEOFF_XLA=1',
    allowed: `XLA with the engines ${engineNames.filter((each) => engines[each].recordsSteps).join(', ')}`,
    fix: 'leave XLA out, or choose one of these engines',
  });
}

async function loadFirst(options: EngineOptions): Promise<Engine> {
  const { log } = options;
  const reasons: string[] = [];
  for (const name of automaticEngines) {
    try {
      requireRecording(name, options);
      const engine = await implementations[name].load(undefined, settingsOf(options));
      const hint = reasons.length === 0 ? '' : '; `bakeoff doctor` tells why not another';
      log?.({ type: 'message', text: `engine ${engine.name} (${engine.build})${hint}` });
      return warned(engine, log);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reasons.push(`not ${name}: ${error.parts.what.replace(/^.*?: /, '')}`);
    }
  }
  throw new UserError({
    what: 'no engine loads here',
    received: reasons.join('; '),
    allowed: automaticEngines.join(', '),
    fix: 'install one of them',
  });
}

/**
 * Makes an engine the current one. `auto` takes the first automatic one that loads, and logs which;
 * an engine chosen by name is loaded or the call throws.
 * @throws UserError naming what is missing and how to get it.
 */
export async function loadEngine(name: EngineName | 'auto', options: EngineOptions = {}): Promise<Engine> {
  if (name === 'auto') return loadFirst(options);
  const implementation = implementations[name] as EngineImplementation | undefined;
  if (implementation === undefined)
    throw new UserError({
      what: 'unknown engine',
      received: name,
      allowed: ['auto', ...engineNames].join(', '),
      fix: 'name one of the allowed engines',
    });
  requireRecording(name, options);
  return warned(await implementation.load(options.build, settingsOf(options)), options.log);
}

function warned(engine: Engine, log: EngineOptions['log']): Engine {
  const { shortfall } = engine;
  if (shortfall?.isFault === true) log?.({ type: 'warning', text: `${shortfall.why}; ${shortfall.instead}` });
  return engine;
}

/**
 * What the engine's library says if an error means that there was no memory left for a tensor, the GPU's, the machine's
 * or WASM's heap; null if the error means something else.
 */
export function whyOutOfMemory(engine: EngineName, error: unknown): string | null {
  return implementations[engine].whyOutOfMemory(error);
}
