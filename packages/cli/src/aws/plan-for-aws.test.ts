import { type Plan, UserError } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { refuseReplicas } from './plan-for-aws.ts';

const planWith = (replicas: readonly number[]): Plan =>
  ({
    planId: 'p',
    datasets: [],
    runs: replicas.map((count, i) => ({ experiments: [`experiment-${i}`], recipe: { replicas: count } })),
  }) as unknown as Plan;

const refused = () => refuseReplicas(planWith([1, 4, 2]));

it('a plan for AWS has no replicas, which the jobs’ engine does not support', () => {
  expect(refused).toThrow(/2 runs ask for replicas[\s\S]*experiment-1: replicas: 4[\s\S]*--engine wasm/);
  expect(refused).toThrow(UserError);
  expect(() => refuseReplicas(planWith([1, 1]))).not.toThrow();
});
