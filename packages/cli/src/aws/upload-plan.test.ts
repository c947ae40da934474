import { MemoryStore, type Plan, UserError } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { uploadPlan } from './upload-plan.ts';

const planWith = (replicas: readonly number[]): Plan =>
  ({
    planId: 'p',
    datasets: [],
    runs: replicas.map((count, i) => ({ experiments: [`experiment-${i}`], recipe: { replicas: count } })),
  }) as unknown as Plan;

describe('uploadPlan', () => {
  it('refuses replicas, which the jobs’ engine does not support, before it writes anything', async () => {
    const store = new MemoryStore();
    const refused = uploadPlan(store, planWith([1, 4, 2]), { archives: {} });
    await expect(refused).rejects.toThrow(
      /2 runs ask for replicas[\s\S]*experiment-1: replicas: 4[\s\S]*--engine wasm/,
    );
    await expect(refused).rejects.toThrow(UserError);
    expect(await store.get('plans/p/plan.json')).toBeUndefined();
    await uploadPlan(store, planWith([1, 1]), { archives: {} });
    expect(await store.get('plans/p/plan.json')).toBeDefined();
  });
});
