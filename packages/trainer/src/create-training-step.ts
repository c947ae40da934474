import { LocalStep } from './local-step.ts';
import { ReplicatedStep } from './replicas/replicated-step.ts';
import type { StepSetup, TrainingStep } from './training-step.ts';

export function createTrainingStep(setup: StepSetup): TrainingStep {
  return setup.run.recipe.replicas === 1 ? new LocalStep(setup) : new ReplicatedStep(setup);
}
