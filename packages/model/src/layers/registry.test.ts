import { describe, expect, it, vi } from 'vitest';
import type { Conv2dLayer } from './conv2d.ts';
import type { LayerKind } from './layer-kind.ts';
import type { Layer } from './layer.ts';
import { kindOf, layerKinds, type LayerKinds } from './registry.ts';

describe('the registry of layers', () => {
  it('an incomplete row does not compile', () => {
    type Row = LayerKind<Conv2dLayer>;
    const row: Row = layerKinds.conv2d;
    const [withoutShape, withoutWeights, withoutCost]: [
      Omit<Row, 'outputShape'>,
      Omit<Row, 'weights'>,
      Omit<Row, 'counts'>,
    ] = [row, row, row];
    // @ts-expect-error it does not say what shape its output has
    const first: Row = withoutShape;
    // @ts-expect-error it does not say what weights it has
    const second: Row = withoutWeights;
    // @ts-expect-error it does not say what it costs
    const third: Row = withoutCost;
    expect([first, second, third]).toEqual([row, row, row]);
  });

  it('a layer without a row does not compile', () => {
    const { flatten, ...others } = layerKinds;
    // @ts-expect-error flatten is a layer's type
    const incomplete: LayerKinds = others;
    expect({ ...incomplete, flatten }).toEqual(layerKinds);
  });

  it('a layer that does not exist, alone or inside another, does not compile', () => {
    // @ts-expect-error a setting is missing
    const dropout: Layer = { type: 'dropout', rate: 0.5 };
    // @ts-expect-error no such type
    const residual: Layer = { type: 'residual', name: 'r', branch: [{ type: 'dropOut' }], shortcut: [] };
    expect([dropout, residual].map((layer) => kindOf(layer).paths(layer).length)).toEqual([0, 2]);
  });

  it('is read by model descriptions without loading TensorFlow.js', async () => {
    vi.resetModules();
    vi.doMock('@tensorflow/tfjs-core', () => {
      throw new Error('TensorFlow.js was loaded');
    });
    const { describeModel } = await import('../architectures/index.ts');
    expect(describeModel({ type: 'cifarnet' }, { imageShape: [32, 32, 3], classes: 10 }).parameters).toBe(1_281_930);
    await expect(import('../index.ts')).rejects.toThrow();
    vi.doUnmock('@tensorflow/tfjs-core');
  });
});
