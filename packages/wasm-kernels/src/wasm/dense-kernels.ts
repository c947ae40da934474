import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import type { WasmAdapter } from './wasm-adapter.ts';

/** c [m, n] of `shape` = op(a) op(b), op is transposition if requested; a and b hold one matrix each. */
export function multiply(
  adapter: WasmAdapter,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  shape?: readonly number[],
): TensorInfo {
  const { kernels } = adapter;
  const [aRows = 1, aColumns = 1] = a.shape.slice(-2),
    [bRows = 1, bColumns = 1] = b.shape.slice(-2);
  const m = transposeA ? aColumns : aRows,
    k = transposeA ? aRows : aColumns,
    n = transposeB ? bRows : bColumns;
  const c = adapter.output(shape ?? [m, n]);
  const [aRow, aColumn] = transposeA ? [1, aColumns] : [aColumns, 1],
    [bRow, bColumn] = transposeB ? [1, bColumns] : [bColumns, 1];
  kernels.gemm(
    adapter.address(a),
    aRow,
    aColumn,
    adapter.address(b),
    bRow,
    bColumn,
    adapter.address(c),
    m,
    n,
    k,
    adapter.scratch(kernels.gemmScratch(m, n, k)),
  );
  return c;
}

const activations = { relu: 1, tanh: 2 } as const;

export function denseKernels(
  adapter: WasmAdapter,
): KernelFamily<TensorInfo, 'BakeoffDense' | 'BakeoffDenseGradInput' | 'BakeoffDenseGradWeights'> {
  return {
    BakeoffDense: ({ x, weights, bias }, { activation }) => {
      const y = multiply(adapter, x, weights, false, false);
      const [rows = 0, columns = 0] = y.shape;
      if (bias || activation)
        adapter.kernels.finishDense(
          adapter.address(y),
          adapter.optional(bias),
          rows,
          columns,
          activation ? activations[activation] : 0,
        );
      return y;
    },
    BakeoffDenseGradInput: ({ dy, weights }) => multiply(adapter, dy, weights, false, true),
    BakeoffDenseGradWeights: ({ x, dy }) => multiply(adapter, x, dy, true, false),
  };
}
