import { type StageEvent, UserError } from '@bakeoff/core';
import { getBackend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { automaticEngines, engineNames, engines, isInstalled } from './engines.ts';
import { nativeBuilds } from './testing/installed-engines.ts';
import { loadEngine } from './load-engine.ts';

describe('loadEngine', () => {
  it('refuses native kernels that this processor does not run, and names those that it does', async () => {
    const other = ['neon', 'avx2'].find((width) => !nativeBuilds.includes(`native-${width}`)) as 'neon' | 'avx2';
    const refusal = loadEngine('wasm', { native: other });
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(`the native kernels ${other} cannot be used here`);
    await expect(refusal).rejects.toThrow(nativeBuilds.map((build) => build.slice('native-'.length)).join(', '));
  });

  it('uses the native kernels of a build chosen by name, of the setting, or none', async () => {
    for (const build of [...nativeBuilds, 'relaxed-simd', 'simd'])
      expect((await loadEngine('wasm', { build })).build).toBe(build);
    const off = await loadEngine('wasm', { native: 'off' });
    expect(off).toMatchObject({ build: 'relaxed-simd', rounding: 'fused', shortfall: { isFault: false } });
    expect((await loadEngine('wasm')).build).toBe(nativeBuilds[0]);
  });

  it('makes the engine chosen by name the current one', async () => {
    for (const name of ['cpu', 'wasm'] as const) {
      const engine = await loadEngine(name);
      expect(engine.name).toBe(name);
      expect(getBackend()).toBe(name);
      expect(engine.memoryBytes()).toBeGreaterThanOrEqual(0);
      expect(engine.versions).toMatchObject({ 'tfjs-core': '4.22.0', [`tfjs-backend-${name}`]: '4.22.0' });
    }
  });

  it('takes the first that loads and says which in one line', async () => {
    const events: StageEvent[] = [];
    const engine = await loadEngine('auto', { log: (event) => events.push(event) });
    const hint = engine.name === automaticEngines[0] ? '' : '; `bakeoff doctor` tells why not another';
    expect(events).toEqual([{ type: 'message', text: `engine ${engine.name} (${engine.build})${hint}` }]);
  });

  it('never falls back from an engine chosen by name', async () => {
    for (const name of engineNames) {
      const { peer } = engines[name];
      if (peer === null || isInstalled(name)) continue;
      await expect(loadEngine(name)).rejects.toThrow(UserError);
      await expect(loadEngine(name)).rejects.toThrow(`npm install ${peer.package}@4.22.0`);
    }
  });

  it('compiles with XLA only on engines that record steps', async () => {
    await expect(loadEngine('wasm', { xla: true })).rejects.toThrow(UserError);
    await expect(loadEngine('cpu', { xla: true })).rejects.toThrow(/cpu does not compile.*tensorflow-gpu, tensorflow/s);
  });

  it('lists the engines when given an unknown name', async () => {
    await expect(loadEngine('gpu' as 'cpu')).rejects.toThrow(/auto, tensorflow-gpu, wasm, tensorflow, cpu/);
  });
});
