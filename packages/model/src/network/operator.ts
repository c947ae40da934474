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
   * Takes `dy` over, adds its parameters' gradients to `gradients`, returns the input's.
   * Where `wantsInputGradient` is false, operators that would work for it return null instead.
   */
  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null;
  /** As backward, but adds the input's gradient to `onto`, which it takes over too; where this saves a pass over memory. */
  backwardOnto?(dy: Value, gradients: Gradients, onto: Value): Value;
  /** Frees what a forward pass kept that no backward pass followed. */
  forget(): void;
}

/** Operators one after another. */
export interface OperatorSequence extends Operator {
  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value;
}

/** What computes: the kernels, and what TensorFlow.js itself does as well. Handed to layers, so that their descriptions load without it. */
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
  /** A tensor that lives as long as the predictor; what else `make` allocates is freed. */
  readonly own: <T extends Tensor>(make: () => T) => T;
  /** All steps of a path inside a layer; an empty path gives x itself. */
  readonly path: (operations: readonly Operation[]) => PredictionStep;
}
