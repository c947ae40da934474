import { describe, expect, it } from 'vitest';
import { smallPlan } from '../testing/small-plan.ts';
import { extendPlan, highestSeed } from './extend-plan.ts';

describe('extendPlan', () => {
  it('gives the runs the ids that they have if the manifest names the seeds', async () => {
    const extended = extendPlan(await smallPlan([1]), [2, 3], 'added');
    const written = await smallPlan([1, 2, 3]);
    expect(new Set(extended.runs.map(({ runId }) => runId))).toEqual(new Set(written.runs.map(({ runId }) => runId)));
    expect(extended.experiments.map(({ runIds }) => runIds)).toEqual(written.experiments.map(({ runIds }) => runIds));
    expect(highestSeed(extended)).toBe(3);
  });

  it('has an id of its own, and says where the seeds come from', async () => {
    const plan = await smallPlan([1]);
    const extended = extendPlan(plan, [2], 'seed 2 was added');
    expect(extended.planId).not.toBe(plan.planId);
    expect(extendPlan(plan, [2], 'seed 2 was added')).toEqual(extended);
    expect(extended.warnings).toContain('seed 2 was added');
  });

  it('removes the warning about too few seeds once there are enough', async () => {
    const plan = await smallPlan([1]);
    expect(plan.warnings.join()).toContain('fewer than 3 seeds');
    expect(extendPlan(plan, [2], '').warnings.join()).toContain('fewer than 3 seeds');
    expect(extendPlan(plan, [2, 3], '').warnings.join()).not.toContain('fewer than 3 seeds');
  });

  it('leaves existing seeds alone', async () => {
    const plan = await smallPlan([1, 2]);
    expect(extendPlan(plan, [2], '').runs).toEqual(plan.runs);
  });
});
