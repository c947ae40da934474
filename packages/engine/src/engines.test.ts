import { describe, expect, it } from 'vitest';
import type { EngineImplementation } from './engine.ts';
import { engineForTraining, type EngineFacts, type EngineName, engineNames, engines, isInstalled } from './engines.ts';

describe('the table of engines', () => {
  it('an incomplete row does not compile', () => {
    const { builds, ...rest } = engines.wasm;
    // @ts-expect-error no builds
    const facts: EngineFacts = rest;
    const cpu: EngineImplementation = { load: () => Promise.reject(new Error()), whyOutOfMemory: () => null };
    // @ts-expect-error the other engines have no implementation
    const implementations: Readonly<Record<EngineName, EngineImplementation>> = { cpu };
    expect({ ...facts, builds }).toEqual(engines.wasm);
    expect(Object.keys(implementations)).not.toEqual(engineNames);
  });

  it('gives each engine a priority of its own', () => {
    expect(new Set(engineNames.map((name) => engines[name].priority)).size).toBe(engineNames.length);
  });

  it('treats the engines that come with Bakeoff as installed', () => {
    expect([isInstalled('wasm'), isInstalled('cpu')]).toEqual([true, true]);
  });
});

describe('engineForTraining', () => {
  it('keeps an engine chosen by name, and picks one that has replicas if a run needs them and none was chosen', () => {
    expect(engineForTraining('tensorflow', 2)).toBe('tensorflow');
    expect(engineForTraining('auto', 1)).toBe('auto');
    expect(engineForTraining('auto', 2)).toBe('wasm');
  });
});
