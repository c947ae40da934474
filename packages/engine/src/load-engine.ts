import { type StageEvent, UserError } from '@bakeoff/core';
import { loadCpuEngine } from './cpu-engine.ts';
import { type Engine, type EngineName, engineNames } from './engine.ts';
import { loadTensorflowEngine } from './tensorflow-engine.ts';
import { loadWasmEngine } from './wasm-engine.ts';

export interface EngineOptions {
  readonly log?: (event: StageEvent) => void;
  /** Which build of the WASM kernels; `auto` is the fastest this Node runs. */
  readonly wasmBuild?: 'auto' | 'simd' | 'relaxed-simd';
}

const loaders: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  'tensorflow-gpu': () => loadTensorflowEngine('tensorflow-gpu'),
  tensorflow: () => loadTensorflowEngine('tensorflow'),
  wasm: ({ wasmBuild }) => loadWasmEngine(wasmBuild),
  cpu: () => loadCpuEngine(),
};

/** The plain JavaScript engine is never chosen by itself. */
const automatic = engineNames.filter((name) => name !== 'cpu');

async function loadFirst(options: EngineOptions): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of automatic) {
    try {
      const engine = await loaders[name](options);
      options.log?.({
        type: 'message',
        text: `engine ${engine.name} (${engine.build})${reasons.length === 0 ? '' : '; `bakeoff doctor` tells why not another'}`,
      });
      return engine;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reasons.push(`not ${name}: ${error.parts.what.replace(/^.*?: /, '')}`);
    }
  }
  throw new UserError({
    what: 'no engine loads here',
    received: reasons.join('; '),
    allowed: automatic.join(', '),
    fix: 'install one of them',
  });
}

/**
 * Makes an engine the current one. `auto` takes the first that loads of tensorflow-gpu, wasm and tensorflow, and logs which;
 * an engine asked for by name is that one or an error.
 * @throws UserError naming what is missing and how to get it.
 */
export async function loadEngine(name: EngineName | 'auto', options: EngineOptions = {}): Promise<Engine> {
  if (name === 'auto') return loadFirst(options);
  const load = loaders[name];
  if (load === undefined)
    throw new UserError({
      what: 'unknown engine',
      received: name,
      allowed: ['auto', ...engineNames].join(', '),
      fix: 'name one of the allowed engines',
    });
  return load(options);
}
