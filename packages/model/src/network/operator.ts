import type { Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../layers/operation.ts';
import type * as ops from './ops.ts';
import type { Value } from './value.ts';
import type { Weights } from './weights.ts';

/** What a training step's dropout masks depend on, besides the layer. */
export interface TrainingPass {
  readonly seed: number;
  readonly step: number;
}

export type Gradients = Map<string, Tensor>;

/** An operation of a network with its weights: runs forward, keeps what backward needs, and frees it there. */
export interface Operator {
  /** `x` stays the caller's. */
  forward(x: Value, pass: TrainingPass): Value;
  /**
   * Takes ownership of `dy`, adds its parameters' gradients to `gradients`, and returns the input's gradient. If
   * `wantsInputGradient` is false, operators that would have to compute it return null instead.
   */
  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null;
  /**
   * Like backward, but adds the input's gradient to `onto`, of which it also takes ownership; present where this saves
   * a pass over memory.
   */
  backwardOnto?(dy: Value, gradients: Gradients, onto: Value): Value;
  /** Frees what a forward pass kept if no backward pass followed. */
  forget(): void;
}

/** Operators one after another. */
export interface OperatorSequence extends Operator {
  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value;
}

/**
 * The functions that compute: the kernels, and TensorFlow.js operations that need no kernel of ours. They are passed to
 * layers, so that the layers' descriptions load without them.
 */
export type Ops = typeof ops;

export interface OperatorContext {
  readonly ops: Ops;
  readonly weights: Weights;
  /** The operators of a path inside a layer. */
  readonly sequence: (operations: readonly Operation[]) => OperatorSequence;
}

/** Makes a new tensor of `x`, which stays the caller's. */
export type PredictionStep = (x: Tensor) => Tensor;

export interface PredictionContext {
  readonly ops: Ops;
  readonly weights: Weights;
  /** A tensor that lives as long as the predictor; everything else that `make` allocates is freed. */
  readonly own: <T extends Tensor>(make: () => T) => T;
  /** All steps of a path inside a layer; an empty path gives x itself. */
  readonly path: (operations: readonly Operation[]) => PredictionStep;
}
