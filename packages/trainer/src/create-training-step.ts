import { LocalStep } from './local-step.ts';
import { RecordedStep } from './recorded-step.ts';
import { ReplicatedStep } from './replicas/replicated-step.ts';
import type { StepSetup, TrainingStep } from './training-step.ts';

export function createTrainingStep(setup: StepSetup): TrainingStep {
  if (setup.run.recipe.replicas > 1) return new ReplicatedStep(setup);
  const recorder = setup.engine.createRecorder?.();
  return recorder === undefined ? new LocalStep(setup) : new RecordedStep(setup, recorder);
}
