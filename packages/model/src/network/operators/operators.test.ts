import { Random } from '@bakeoff/core';
import { memory, tensor, type Tensor, variable, type Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '../../layers/layer.ts';
import { loadEngine } from '@bakeoff/engine';
import { fuseLayers } from '../../graph/fuse-layers.ts';
import { layerWeights } from '../../graph/layer-weights.ts';
import { flattenLayers, placeLayers } from '../../graph/place-layers.ts';
import { Value } from '../value.ts';
import { createSequence } from '../create-sequence.ts';
import type { Gradients } from '../operator.ts';
import { Weights } from '../weights.ts';

const conv = (name: string, filters: number, settings: Partial<Extract<Layer, { type: 'conv2d' }>> = {}): Layer => ({
  type: 'conv2d',
  name,
  filters,
  kernel: 3,
  stride: 1,
  padding: 1,
  bias: true,
  initializer: 'torchDefault',
  ...settings,
});
const relu: Layer = { type: 'relu', asModule: false };
const dropout = (perChannel: boolean): Layer => ({ type: 'dropout', rate: 0.4, perChannel });
const dense: Layer = { type: 'dense', name: 'd', units: 3, initializer: 'torchDefault' };

const cases: readonly (readonly [string, readonly number[], readonly Layer[]])[] = [
  ['convolution with bias', [5, 6, 3], [conv('c', 4)]],
  [
    'convolution 7×7 with stride 2 without bias',
    [8, 8, 3],
    [conv('c', 2, { kernel: 7, stride: 2, padding: 3, bias: false })],
  ],
  ['convolution, ReLU', [4, 4, 2], [conv('c', 5), relu]],
  ['convolution, ReLU and channel dropout', [4, 4, 2], [conv('c', 5), dropout(true), relu]],
  ['batch norm', [3, 3, 4], [{ type: 'batchNorm', name: 'b' }]],
  ['batch norm of features', [6], [{ type: 'batchNorm', name: 'b' }]],
  ['batch norm, ReLU and channel dropout', [3, 3, 4], [{ type: 'batchNorm', name: 'b' }, dropout(true), relu]],
  ['convolution, ReLU, batch norm', [4, 4, 2], [conv('c', 3), relu, { type: 'batchNorm', name: 'b' }]],
  ['convolution, batch norm', [4, 4, 2], [conv('c', 3), { type: 'batchNorm', name: 'b' }]],
  [
    'convolution, ReLU, dropout, batch norm, ReLU',
    [4, 4, 2],
    [conv('c', 3), relu, dropout(false), { type: 'batchNorm', name: 'b' }, relu],
  ],
  [
    'convolution without bias, ReLU, batch norm',
    [4, 4, 2],
    [conv('c', 3, { bias: false }), relu, { type: 'batchNorm', name: 'b' }],
  ],
  ['convolution, ReLU, batch norm, ReLU', [4, 4, 2], [conv('c', 3), relu, { type: 'batchNorm', name: 'b' }, relu]],
  ['dense, batch norm', [5], [dense, { type: 'batchNorm', name: 'b' }]],
  ['dense, ReLU, batch norm', [5], [dense, relu, { type: 'batchNorm', name: 'b' }]],
  ['dense', [5], [dense]],
  ['dense, ReLU', [5], [dense, relu]],
  ['dense, tanh, dropout', [5], [dense, { type: 'tanh' }, dropout(false)]],
  ['dropout alone', [4, 4, 3], [dropout(false)]],
  ['ReLU alone', [4, 4, 3], [relu]],
  ['tanh alone, dropout', [5], [{ type: 'tanh' }, dropout(false)]],
  ['max pool, ReLU', [6, 6, 3], [{ type: 'maxPool', size: 2, stride: 2, padding: 0 }, relu]],
  ['max pool 2/2', [6, 6, 3], [{ type: 'maxPool', size: 2, stride: 2, padding: 0 }]],
  ['max pool 3/2 with padding', [7, 7, 2], [{ type: 'maxPool', size: 3, stride: 2, padding: 1 }]],
  ['flatten, dense', [2, 3, 2], [{ type: 'flatten' }, dense]],
  ['global average pool', [3, 4, 5], [{ type: 'globalAveragePool' }]],
  ['shortcut A that pads', [5, 5, 2], [{ type: 'shortcutA', stride: 2, channels: 6 }]],
  ['shortcut A that crops', [4, 4, 6], [{ type: 'shortcutA', stride: 2, channels: 2 }]],
  [
    'residual with the identity',
    [4, 4, 3],
    [{ type: 'residual', name: 'r', branch: [conv('r.c', 3), { type: 'batchNorm', name: 'r.b' }], shortcut: [] }, relu],
  ],
  [
    'residual of two convolutions',
    [4, 4, 8],
    [
      {
        type: 'residual',
        name: 'r',
        branch: [
          conv('r.c', 8),
          { type: 'batchNorm', name: 'r.b' },
          relu,
          conv('r.d', 8),
          { type: 'batchNorm', name: 'r.e' },
        ],
        shortcut: [],
      },
      relu,
    ],
  ],
  [
    'residual of two convolutions without batch norm',
    [4, 4, 8],
    [{ type: 'residual', name: 'r', branch: [conv('r.c', 8), relu, conv('r.d', 8)], shortcut: [] }, relu],
  ],
  [
    'residual with batch norm and dropout',
    [4, 4, 3],
    [
      {
        type: 'residual',
        name: 'r',
        branch: [conv('r.c', 3), { type: 'batchNorm', name: 'r.b' }, dropout(true)],
        shortcut: [],
      },
      relu,
    ],
  ],
  [
    'residual with batch norm, no ReLU',
    [4, 4, 3],
    [{ type: 'residual', name: 'r', branch: [conv('r.c', 3), { type: 'batchNorm', name: 'r.b' }], shortcut: [] }],
  ],
  [
    'residual of batch norm only',
    [4, 4, 3],
    [{ type: 'residual', name: 'r', branch: [{ type: 'batchNorm', name: 'r.b' }], shortcut: [] }, relu],
  ],
  [
    'residual with a projection, no ReLU',
    [4, 4, 2],
    [
      {
        type: 'residual',
        name: 'r',
        branch: [conv('r.c', 4, { stride: 2 })],
        shortcut: [conv('r.p', 4, { kernel: 1, stride: 2, padding: 0 })],
      },
    ],
  ],
];

const BATCH = 3;
const PASS = { seed: 11, step: 5 };
const STEP = 1e-3;

function randomValues(random: Random, shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: shape.reduce((product, extent) => product * extent, 1) }, () => random.normal());
}

/** A sequence whose input is also a variable, with the loss Σ y·r for a fixed random r. */
function bench(shape: readonly number[], layers: readonly Layer[]) {
  const random = new Random(3);
  const placed = placeLayers(layers, shape);
  const make = (name: string, extents: readonly number[]): [string, Variable] => [
    name,
    variable(tensor(randomValues(random.split(name), extents), [...extents], 'float32')),
  ];
  const specs = flattenLayers(placed).map(layerWeights);
  const parameters = new Map(specs.flatMap((spec) => spec.parameters).map((spec) => make(spec.name, spec.shape)));
  const buffers = new Map(specs.flatMap((spec) => spec.buffers).map((spec) => make(spec.name, spec.shape)));
  const sequence = createSequence(fuseLayers(placed), new Weights(new Map([...parameters, ...buffers])));
  const [, x] = make('x', [BATCH, ...shape]);
  const output = placed.at(-1)?.output ?? shape;
  const direction = randomValues(random.split('direction'), [BATCH, ...output]);
  const forward = (): Value => {
    const input = new Value(x.clone());
    const y = sequence.forward(input, PASS);
    input.release();
    return y;
  };
  const loss = (): number => {
    const y = forward();
    sequence.forget();
    const values = y.tensor.dataSync();
    y.release();
    return direction.reduce((sum, r, i) => sum + r * values[i]!, 0);
  };
  const gradients = (): Gradients => {
    const found: Gradients = new Map<string, Tensor>();
    forward().release();
    const dx = sequence.backward(new Value(tensor(direction, [BATCH, ...output])), found, true);
    if (dx !== null) found.set('x', dx.tensor);
    return found;
  };
  return { sequence, wanted: new Map<string, Variable>([...parameters, ['x', x]]), loss, gradients };
}

function moved(target: Variable, values: Float32Array, along: Float32Array, by: number): void {
  target.assign(
    tensor(
      values.map((value, i) => value + by * along[i]!),
      target.shape,
    ),
  );
}

describe('operators', () => {
  beforeAll(async () => {
    await loadEngine('cpu');
  });

  it.each(cases)('%s: gradients are the slopes of the loss', (_name, shape, layers) => {
    const { wanted, loss, gradients } = bench(shape, layers);
    const found = gradients();
    expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, target] of wanted) {
      const values = Float32Array.from(target.dataSync());
      const gradient = found.get(name)?.dataSync() ?? [];
      const norm = Math.hypot(...gradient);
      for (let i = 0; i < 3; i++) {
        const along = randomValues(new Random(i).split(name), target.shape);
        // Short enough that few ReLUs and maxima change sides.
        const scale = STEP / Math.hypot(...along);
        moved(target, values, along, scale);
        const above = loss();
        moved(target, values, along, -scale);
        const slope = (above - loss()) / (2 * STEP);
        moved(target, values, along, 0);
        const expected = along.reduce((sum, a, k) => sum + a * gradient[k]!, 0) * (scale / STEP);
        expect(Math.abs(slope - expected), `${name}, direction ${i}: ${slope} for ${expected}`).toBeLessThan(
          5e-3 * norm + 5e-3,
        );
      }
    }
  });

  it.each(cases)('%s: a forward and backward pass leaves only its gradients', (_name, shape, layers) => {
    const { gradients } = bench(shape, layers);
    const before = memory().numTensors;
    const found = gradients();
    expect(memory().numTensors - before).toBe(found.size);
    for (const each of found.values()) each.dispose();
  });

  it('refuses backward without forward', () => {
    const { sequence } = bench([4, 4, 2], [conv('c', 3)]);
    expect(() => sequence.backward(new Value(tensor([1])), new Map(), true)).toThrow(/needs a forward pass/);
  });

  it('refuses to train batch norm on one value per channel', () => {
    const { sequence } = bench([6], [{ type: 'batchNorm', name: 'b' }]);
    expect(() => sequence.forward(new Value(tensor([[1, 2, 3, 4, 5, 6]])), PASS)).toThrow(/a batch of 1 image/);
  });
});
