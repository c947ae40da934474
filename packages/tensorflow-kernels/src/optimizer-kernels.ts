import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { FlatState } from './flat-state.ts';
import type { TensorflowOps } from './tensorflow-ops.ts';

/** The vector plus `factor` times the parameters; it replaces the vector. */
function plusParameters(ops: TensorflowOps, state: FlatState, vector: Tensor, factor: number): Tensor {
  const scaled = ops.replace(state.read(), 'Mul', [ops.scalar(factor)]);
  const sum = ops.replace(vector, 'AddV2', [scaled]);
  scaled.dispose();
  return sum;
}

/** Two states are held, because an optimizer may step over two groups of parameters in turn. */
export function optimizerKernels(ops: TensorflowOps): KernelFamily<Tensor, 'BakeoffAdamUpdate' | 'BakeoffSgdUpdate'> {
  /** States of the optimizers that stepped last, the newest first; another optimizer's replaces the oldest. */
  let held: readonly FlatState[] = [];

  const stateOf = (parameters: readonly Tensor[], slots: readonly Tensor[]): FlatState => {
    const known = held.find((state) => state.isOf(parameters, slots));
    const current = known ?? new FlatState(ops, parameters as Variable[], slots as Variable[]);
    const [other, ...dropped] = held.filter((state) => state !== current);
    for (const state of dropped) state.dispose();
    held = other === undefined ? [current] : [current, other];
    return current;
  };

  /** Runs an update with scalars that change from step to step. */
  const update = (
    op: string,
    handles: readonly TensorInfo[],
    values: readonly (TensorInfo | number)[],
    attributes: Parameters<TensorflowOps['runMany']>[3] = [],
  ): void => {
    const uploaded: TensorInfo[] = [];
    const inputs = values.map((value) => {
      if (typeof value !== 'number') return value;
      const scalar = ops.upload(Float32Array.of(value), []);
      uploaded.push(scalar);
      return scalar;
    });
    ops.runMany(op, [...handles, ...inputs], 0, attributes);
    for (const scalar of uploaded) ops.discard(scalar);
  };

  return {
    BakeoffAdamUpdate: (
      { parameters, gradients, m, v },
      { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
    ) => {
      const state = stateOf(parameters, [m, v]),
        handles = state.handles();
      let gradient = state.flatten(gradients);
      if (l2) gradient = plusParameters(ops, state, gradient, l2);
      if (weightDecay) {
        const decayed = state.read();
        update('ResourceApplyGradientDescent', handles.slice(0, 1), [learningRate * weightDecay, decayed]);
        decayed.dispose();
      }
      // TensorFlow's formula is lr * √(1 − β₂ᵗ) / (1 − β₁ᵗ) * m / (√v + ε), PyTorch's lr / (1 − β₁ᵗ) * m / (√v / √(1 −
      // β₂ᵗ) + ε): the same with ε * √(1 − β₂ᵗ). The corrections are applied to the rate and ε here, in float64; powers
      // of 0 turn TensorFlow's own off.
      const correction = Math.sqrt(1 - beta2 ** step),
        rate = (learningRate * correction) / (1 - beta1 ** step);
      update('ResourceApplyAdam', handles, [
        ops.scalar(0),
        ops.scalar(0),
        rate,
        ops.scalar(beta1),
        ops.scalar(beta2),
        epsilon * correction,
        gradient,
      ]);
      gradient.dispose();
      state.publish();
      return [];
    },

    BakeoffSgdUpdate: ({ parameters, gradients, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
      // The first velocity is the first gradient, regardless of the variable's content.
      if (velocity && step === 1) {
        const zeros = ops.run('ZerosLike', [velocity]);
        (velocity as Variable).assign(zeros);
        zeros.dispose();
      }
      const state = stateOf(parameters, velocity ? [velocity] : []),
        handles = state.handles();
      let gradient = state.flatten(gradients);
      if (l2) gradient = plusParameters(ops, state, gradient, l2);
      if (velocity)
        update(
          'ResourceApplyMomentum',
          handles,
          [learningRate, gradient, ops.scalar(momentum)],
          [ops.flag('use_nesterov', nesterov)],
        );
      else update('ResourceApplyGradientDescent', handles, [learningRate, gradient]);
      gradient.dispose();
      state.publish();
      return [];
    },
  };
}
