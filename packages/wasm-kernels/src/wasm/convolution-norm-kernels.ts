import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { PairedKernels } from '@bakeoff/kernels';
import { moveRunning, STATISTICS } from './batch-norm-kernels.ts';
import { symmetric } from './convolution-kernels.ts';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

/** Convolution and batch norm in one pass if Winograd's algorithm does the convolution, otherwise by `pairs`. */
export function convolutionNormKernels(
  adapter: WasmAdapter,
  pairs: PairedKernels<TensorInfo>,
): PairedKernels<TensorInfo> {
  const { kernels } = adapter;
  const address = (tensor: TensorInfo): number => adapter.address(tensor);
  return {
    BakeoffConv2DBatchNorm: (inputs, attrs) => {
      const { x, filter, bias, gamma, beta, residual, runningMean, runningVariance } = inputs,
        { stride, padding, convolutionRelu, epsilon, momentum, relu } = attrs;
      const g = symmetric(x.shape, filter.shape, stride, padding),
        shape = [g.batch, g.outHeight, g.outWidth, g.outChannels];
      if (!kernels.winogradNormSupports(adapter.window(g))) return pairs.BakeoffConv2DBatchNorm(inputs, attrs);
      const z = adapter.output(shape),
        y = adapter.output(shape),
        statistics = adapter.output([STATISTICS, g.outChannels]);
      const window = adapter.window(g),
        scratch = adapter.scratch(kernels.winogradNormScratch(window));
      kernels.winogradNormForward(
        window,
        address(x),
        address(filter),
        adapter.optional(bias),
        address(z),
        address(gamma),
        address(beta),
        adapter.optional(residual),
        address(y),
        address(statistics),
        scratch,
        epsilon,
        Number(convolutionRelu),
        Number(relu),
      );
      moveRunning(adapter, statistics, runningMean, runningVariance, momentum, rowsAndChannels(shape).rows);
      return [z, y, statistics];
    },
    BakeoffConv2DBatchNormGrad: (inputs, attrs) => {
      const {
          x,
          filter,
          z,
          dy,
          y,
          gamma,
          statistics: [statistics],
          onto,
        } = inputs,
        { stride, padding, convolutionRelu, relu, residual, overwrite, wantsBias, wantsInput, overwriteOnto } = attrs;
      const g = symmetric(x.shape, filter.shape, stride, padding);
      if (!kernels.winogradNormSupports(adapter.window(g))) return pairs.BakeoffConv2DBatchNormGrad(inputs, attrs);
      const dFilter = adapter.output(filter.shape),
        dGamma = adapter.output(gamma.shape),
        dBeta = adapter.output(gamma.shape);
      const dBias = wantsBias ? adapter.output(gamma.shape) : undefined,
        dResidual = residual ? adapter.outputOver(dy, overwrite) : undefined;
      const dx = wantsInput ? (onto ? adapter.outputOver(onto, overwriteOnto) : adapter.output(x.shape)) : undefined;
      const window = adapter.window(g),
        scratch = adapter.scratch(kernels.winogradNormScratch(window));
      kernels.winogradNormBackward(
        window,
        address(x),
        address(filter),
        address(z),
        address(dy),
        adapter.optional(y),
        address(gamma),
        adapter.optional(statistics),
        adapter.optional(onto),
        adapter.optional(dx),
        address(dFilter),
        adapter.optional(dBias),
        address(dGamma),
        address(dBeta),
        adapter.optional(dResidual),
        scratch,
        Number(convolutionRelu),
        Number(relu),
      );
      return [dFilter, dGamma, dBeta, ...[dBias, dx, dResidual].filter((output) => output !== undefined)];
    },
  };
}
