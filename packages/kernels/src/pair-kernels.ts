import type { PairedKernels, SingleKernels } from './kernel-contract.ts';

type Singles<T> = Pick<
  SingleKernels<T>,
  | 'BakeoffConv2D'
  | 'BakeoffConv2DGradInput'
  | 'BakeoffConv2DGradFilter'
  | 'BakeoffBiasGrad'
  | 'BakeoffBatchNorm'
  | 'BakeoffBatchNormGrad'
>;

/** The paired kernels by one kernel after the other; `dispose` frees what is between them. */
export function pairKernels<T extends { readonly shape: number[] }>(
  kernels: Singles<T>,
  dispose: (between: T) => void,
): PairedKernels<T> {
  return {
    BakeoffConv2DBatchNorm: ({ x, filter, bias, ...norm }, { stride, padding, convolutionRelu, ...attrs }) => {
      const z = kernels.BakeoffConv2D(bias ? { x, filter, bias } : { x, filter }, {
        stride,
        padding,
        relu: convolutionRelu,
      });
      return [z, ...kernels.BakeoffBatchNorm({ x: z, ...norm }, attrs)];
    },
    BakeoffConv2DBatchNormGrad: (
      { x, filter, z, onto, ...norm },
      { stride, padding, convolutionRelu, wantsBias, wantsInput, overwriteOnto, ...attrs },
    ) => {
      const window = { stride, padding };
      const [dz, dGamma, dBeta, dResidual] = kernels.BakeoffBatchNormGrad(
        { x: z, ...norm },
        { ...attrs, inputRelu: convolutionRelu },
      );
      const dFilter = kernels.BakeoffConv2DGradFilter({ x, dy: dz }, { ...window, filterShape: filter.shape });
      const dBias = wantsBias ? [kernels.BakeoffBiasGrad({ dy: dz }, {})] : [];
      const dx = wantsInput
        ? [
            kernels.BakeoffConv2DGradInput(
              { dy: dz, filter, ...(onto && { onto }) },
              { ...window, overwriteOnto, inputShape: x.shape },
            ),
          ]
        : [];
      dispose(dz);
      return [dFilter, dGamma, dBeta, ...dBias, ...dx, ...(dResidual ? [dResidual] : [])];
    },
  };
}
