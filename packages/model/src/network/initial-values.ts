import type { Random } from '@bakeoff/core';
import type { WeightSpec } from '../layers/layer-weights.ts';

function fill(length: number, draw: () => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = draw();
  return values;
}

/** The values a weight starts with, drawn from its own stream; see WeightInitializer for the distributions. */
export function initialValues({ shape, start }: WeightSpec, random: Random): Float32Array<ArrayBuffer> {
  const length = shape.reduce((product, extent) => product * extent, 1);
  const uniform = (bound: number) => fill(length, () => (2 * random.uniform() - 1) * bound);
  const normal = (deviation: number) => fill(length, () => random.normal() * deviation);
  switch (start.initializer) {
    case 'zeros':
      return new Float32Array(length);
    case 'ones':
      return new Float32Array(length).fill(1);
    case 'torchDefault':
    case 'bias':
      return uniform(1 / Math.sqrt(start.fanIn));
    case 'xavierUniform':
      return uniform(Math.sqrt(6 / (start.fanIn + start.fanOut)));
    case 'xavierNormal':
      return normal(Math.sqrt(2 / (start.fanIn + start.fanOut)));
    case 'kaimingUniformFanIn':
      return uniform(Math.sqrt(6 / start.fanIn));
    case 'kaimingUniformFanOut':
      return uniform(Math.sqrt(6 / start.fanOut));
    case 'kaimingNormalFanIn':
      return normal(Math.sqrt(2 / start.fanIn));
    case 'kaimingNormalFanOut':
      return normal(Math.sqrt(2 / start.fanOut));
  }
}
