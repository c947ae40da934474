import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
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

  it('is read by model descriptions without loading TensorFlow.js', () => {
    const script = `
      import { createRequire } from 'node:module';
      const isLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('tfjs-core'));
      const { describeModel } = await import('../architectures/index.ts');
      const { parameters } = describeModel({ type: 'cifarnet' }, { imageShape: [32, 32, 3], classes: 10 });
      const before = isLoaded();
      await import('../index.ts');
      console.log(JSON.stringify({ parameters, before, after: isLoaded() }));`;
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script];
    const printed = execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual({ parameters: 1_281_930, before: false, after: true });
  });
});
