import type { StepRecorder } from '@bakeoff/engine';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { LocalStep } from './local-step.ts';
import type { Batch, StepSetup } from './training-step.ts';

/**
 * Steps in this thread that are one call of the engine's library each. The first are run operation by operation, and
 * recorded; so is the first of another size, such as an epoch's last, incomplete batch.
 */
export class RecordedStep extends LocalStep {
  constructor(
    setup: StepSetup,
    private readonly recorder: StepRecorder,
  ) {
    super(setup);
  }

  override run(batch: Batch): Promise<void> {
    const [losses, correct] = this.recorder.run(`training on ${batch.indices.length} images`, () => {
      const scores = this.compute(batch);
      return [scores.losses, scores.correct];
    }) as [Tensor1D, Tensor1D];
    this.scores.add({ losses, correct });
    return Promise.resolve();
  }

  override publish(): void {
    this.recorder.publish();
  }

  override dispose(): Promise<void> {
    this.recorder.dispose();
    return super.dispose();
  }
}
