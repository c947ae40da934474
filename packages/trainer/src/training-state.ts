import {
  type DatasetIndex,
  type EmaConfig,
  type EpochRow,
  everySettingUsed,
  type PlannedRun,
  Random,
  stepsPerEpoch,
  type StopReason,
} from '@bakeoff/core';
import { createNetwork, type Network } from '@bakeoff/model';
import type { BatchScore } from './batch-scores.ts';
import type { Checkpoint, EpochSums } from './checkpoint.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { createOptimizer } from './optimizers/registry.ts';
import type { TrainingResult } from './run-result.ts';
import { learningRateFactor } from './schedules/learning-rate.ts';
import { bestEpoch, stopReason } from './selection.ts';
import { StepHistory } from './step-history.ts';
import type { Validation } from './validate.ts';
import { WeightAverage } from './weight-average.ts';

const NOTHING_YET: EpochSums = { images: 0, loss: 0, correct: 0 };

/**
 * Everything that training changes, with the network and the optimizer on the engine; a Checkpoint is its stored form.
 * What follows from it is computed on demand: the epoch and the position in it, the learning rate, whether to stop.
 */
export class TrainingState {
  /** All parameters are zero until `initialize` or `restore`. */
  readonly network: Network;
  readonly optimizer: Optimizer;
  private readonly average: WeightAverage | null;
  private history = new StepHistory();
  private epochs: readonly EpochRow[] = [];
  private sums = NOTHING_YET;
  private best: Checkpoint['best'] = null;
  private readonly images: number;
  private readonly stepsPerEpoch: number;

  constructor(
    private readonly run: PlannedRun,
    index: DatasetIndex,
  ) {
    const { model, batchSize, ema } = run.recipe;
    this.images = index.splits.train.count;
    this.stepsPerEpoch = stepsPerEpoch(this.images, batchSize);
    const create = (): Network => createNetwork(model, { imageShape: index.imageShape, classes: index.classes.length });
    this.network = create();
    this.optimizer = createOptimizer(run.recipe, this.network.parameters);
    this.average = createAverage(ema, this.network, create);
  }

  /** Starts a new training, with parameters drawn from the run's seed. */
  initialize(): void {
    this.network.initialize(new Random(this.run.seed).split('init'));
  }

  /** @throws UserError if the checkpoint's tensors do not match the network and the optimizer. */
  restore({ network, optimizer, average, history, epochs, sums, best }: Checkpoint): void {
    this.network.loadState(network, `checkpoint of run ${this.run.runId}`);
    this.optimizer.loadState(optimizer);
    this.average?.loadState(average);
    this.history = new StepHistory(history);
    this.epochs = epochs;
    this.sums = sums;
    this.best = best;
  }

  /** `rounding` is the engine's. */
  checkpoint(rounding: string): Checkpoint {
    return {
      runId: this.run.runId,
      step: this.step,
      rounding,
      epochs: this.epochs,
      sums: this.sums,
      network: this.network.state(),
      optimizer: this.optimizer.state(),
      average: this.average?.state() ?? {},
      best: this.best,
      history: this.history.tensors(),
    };
  }

  /** Optimizer steps done and recorded. */
  get step(): number {
    return this.history.steps;
  }

  /** The current epoch, counted from 1. */
  get epoch(): number {
    return this.epochs.length + 1;
  }

  /** Steps done in the current epoch. */
  get position(): number {
    return this.step - this.epochs.length * this.stepsPerEpoch;
  }

  /** The learning rate of the step after `stepsDone` steps. */
  learningRateAt(stepsDone: number): number {
    const { optimizer, schedule, maxEpochs } = this.run.recipe;
    const position = { step: stepsDone, stepsPerEpoch: this.stepsPerEpoch, maxEpochs };
    return optimizer.learningRate * learningRateFactor(schedule, position);
  }

  /** Called after every update of the optimizer, which counts from 1; it belongs to the step. */
  stepped(step: number): void {
    this.average?.update(step);
  }

  /** The network to validate and to keep: that with the averages of the weights, if the recipe averages them. */
  judgedNetwork(): Network {
    return this.average?.network() ?? this.network;
  }

  /** Records the scores of steps. Returns true if the loss of one is no longer a number; work after it is then discarded. */
  record(scores: readonly BatchScore[]): boolean {
    for (const { images, loss, correct } of scores) {
      const learningRate = this.learningRateAt(this.step);
      this.history.append({ loss: loss / images, accuracy: correct / images, learningRate });
      const { sums } = this;
      this.sums = { images: sums.images + images, loss: sums.loss + loss, correct: sums.correct + correct };
      if (!Number.isFinite(loss)) return true;
    }
    return false;
  }

  /** Ends the epoch with the results of its validation. Keeps the judged network's weights of the best epoch. */
  endEpoch(validation: Validation): EpochRow {
    const { epoch } = this;
    const { loss, accuracy } = this.trained;
    const row: EpochRow = {
      epoch,
      step: this.step,
      trainLoss: loss,
      trainAccuracy: accuracy,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      ...(validation.classes === undefined
        ? {}
        : {
            validationBalancedAccuracy: validation.classes.balancedAccuracy,
            validationMacroF1: validation.classes.macroF1,
          }),
      learningRate: this.learningRateAt(this.step - 1),
    };
    this.epochs = [...this.epochs, row];
    this.sums = NOTHING_YET;
    if (bestEpoch(this.epochs, this.run.recipe.selection)?.epoch === epoch) this.best = this.judgedNetwork().state();
    return row;
  }

  /** Means over the images that the current epoch has trained on so far. */
  get trained(): { readonly loss: number; readonly accuracy: number } {
    const { images, loss, correct } = this.sums;
    return { loss: loss / images, accuracy: correct / images };
  }

  get lastEpoch(): EpochRow | undefined {
    return this.epochs.at(-1);
  }

  /** Why the training ends here; undefined if it continues. */
  get stopReason(): StopReason | undefined {
    return stopReason(this.epochs, this.run.recipe);
  }

  result(reason: StopReason): TrainingResult {
    const { epochs, history, best, sums } = this;
    return { stopReason: reason, epochs, history, best, imagesSeen: epochs.length * this.images + sums.images };
  }

  dispose(): void {
    this.network.dispose();
    this.optimizer.dispose();
    this.average?.dispose();
  }
}

function createAverage(ema: EmaConfig, network: Network, create: () => Network): WeightAverage | null {
  if (ema === null) return null;
  const { decay, ...unused } = ema;
  everySettingUsed(unused);
  return new WeightAverage(network, create(), decay);
}
