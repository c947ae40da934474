import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { FlatState } from './flat-state.ts';
import type { HostInputsOf, HostValues } from './host-inputs.ts';
import type { TensorflowOps } from './tensorflow-ops.ts';

export const optimizerHostInputs: HostInputsOf<'BakeoffAdamUpdate' | 'BakeoffSgdUpdate'> = {
  // TensorFlow's formula is lr * √(1 − β₂ᵗ) / (1 − β₁ᵗ) * m / (√v + ε), PyTorch's lr / (1 − β₁ᵗ) * m / (√v / √(1 − β₂ᵗ)
  // + ε): the same with ε * √(1 − β₂ᵗ). The corrections are applied to the rate and ε here, in float64.
  BakeoffAdamUpdate: {
    varying: ['learningRate', 'step'],
    values: (_tensors, { learningRate, beta1, beta2, epsilon, weightDecay, step }) => {
      const correction = Math.sqrt(1 - beta2 ** step),
        rate = (learningRate * correction) / (1 - beta1 ** step);
      const scalars = [...(weightDecay ? [learningRate * weightDecay] : []), rate, epsilon * correction];
      return scalars.map((scalar) => Float32Array.of(scalar));
    },
  },
  BakeoffSgdUpdate: {
    varying: ['learningRate', 'step'],
    values: (_tensors, { learningRate }) => [Float32Array.of(learningRate)],
  },
};

/** The vector plus `factor` times the parameters; it replaces the vector. */
function plusParameters(ops: TensorflowOps, state: FlatState, vector: Tensor, factor: number): Tensor {
  const scaled = ops.replace(state.read(), 'Mul', [ops.scalar(factor)]);
  const sum = ops.replace(vector, 'AddV2', [scaled]);
  scaled.dispose();
  return sum;
}

/** Two states are held, because an optimizer may step over two groups of parameters in turn, and those in use. */
export function optimizerKernels(ops: TensorflowOps): KernelFamily<Tensor, 'BakeoffAdamUpdate' | 'BakeoffSgdUpdate'> {
  /** States of the optimizers that stepped last, the newest first; another optimizer's replaces the oldest. */
  let held: readonly FlatState[] = [];

  const stateOf = (parameters: readonly Tensor[], slots: readonly Tensor[]): FlatState => {
    const known = held.find((state) => state.isOf(parameters, slots));
    const current = known ?? new FlatState(ops, parameters as Variable[], slots as Variable[]);
    const [other, ...older] = held.filter((state) => state !== current);
    const kept = older.filter(({ isInUse }) => isInUse);
    for (const state of older) if (!kept.includes(state)) state.dispose();
    held = [current, ...(other === undefined ? [] : [other]), ...kept];
    return current;
  };

  /** Runs an update; numbers among the values are uploaded: they change from step to step. */
  const update = (
    op: string,
    handles: readonly TensorInfo[],
    values: readonly (TensorInfo | HostValues)[],
    attributes: Parameters<TensorflowOps['runMany']>[3] = [],
  ): void => {
    const uploaded: TensorInfo[] = [];
    const inputs = values.map((value) => {
      if (!(value instanceof Float32Array)) return value as TensorInfo;
      const scalar = ops.upload(value, []);
      uploaded.push(scalar);
      return scalar;
    });
    ops.runMany(op, [...handles, ...inputs], 0, attributes);
    for (const scalar of uploaded) ops.discard(scalar);
  };

  return {
    BakeoffAdamUpdate: (inputs, attributes) => {
      const { parameters, gradients, m, v } = inputs,
        { beta1, beta2, l2, weightDecay } = attributes;
      const scalars = optimizerHostInputs.BakeoffAdamUpdate.values(inputs, attributes);
      const [rate, epsilon] = scalars.slice(-2);
      const state = stateOf(parameters, [m, v]),
        handles = state.handles();
      let gradient = state.flatten(gradients);
      if (l2) gradient = plusParameters(ops, state, gradient, l2);
      if (weightDecay) {
        const decayed = state.read();
        update('ResourceApplyGradientDescent', handles.slice(0, 1), [scalars[0]!, decayed]);
        decayed.dispose();
      }
      // Powers of 0 turn TensorFlow's own bias corrections off.
      const powers = [ops.scalar(0), ops.scalar(0)];
      const betas = [ops.scalar(beta1), ops.scalar(beta2)];
      update('ResourceApplyAdam', handles, [...powers, rate!, ...betas, epsilon!, gradient]);
      gradient.dispose();
      state.publish();
      return [];
    },

    BakeoffSgdUpdate: (inputs, attributes) => {
      const { parameters, gradients, velocity } = inputs,
        { momentum, nesterov, l2, step } = attributes;
      const [rate] = optimizerHostInputs.BakeoffSgdUpdate.values(inputs, attributes);
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
          [rate!, gradient, ops.scalar(momentum)],
          [ops.flag('use_nesterov', nesterov)],
        );
      else update('ResourceApplyGradientDescent', handles, [rate!, gradient]);
      gradient.dispose();
      state.publish();
      return [];
    },
  };
}
