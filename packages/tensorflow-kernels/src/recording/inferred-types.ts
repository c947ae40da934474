/**
 * Attributes that eager execution infers from an operation's inputs and that a graph has to state: by operation, the
 * input whose type each attribute is. Operations of TensorFlow.js's own kernels state theirs.
 */
const FIRST = { T: 0 };

export const inferredTypes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AddV2: FIRST,
  ArgMax: { T: 0, Tidx: 1 },
  AvgPoolGrad: { T: 1 },
  BiasAdd: FIRST,
  BiasAddGrad: FIRST,
  Bitcast: FIRST,
  Cast: { SrcT: 0 },
  Conv2D: FIRST,
  Conv2DBackpropFilter: FIRST,
  Conv2DBackpropInput: { T: 1 },
  Equal: FIRST,
  FusedBatchNormGradV3: { T: 0, U: 3 },
  FusedBatchNormV3: { T: 0, U: 1 },
  GatherV2: { Tparams: 0, Tindices: 1, Taxis: 2 },
  Identity: FIRST,
  MatMul: FIRST,
  MaxPool: FIRST,
  MaxPoolGrad: FIRST,
  Mean: { T: 0, Tidx: 1 },
  Mul: FIRST,
  Pad: { T: 0, Tpaddings: 1 },
  PadV2: { T: 0, Tpaddings: 1 },
  Relu: FIRST,
  ReluGrad: FIRST,
  Reshape: { T: 0, Tshape: 1 },
  ResourceApplyAdam: { T: 6 },
  ResourceApplyGradientDescent: { T: 1 },
  ResourceApplyMomentum: { T: 2 },
  Slice: { T: 0, Index: 1 },
  SparseSoftmaxCrossEntropyWithLogits: { T: 0, Tlabels: 1 },
  SplitV: { T: 0, Tlen: 1 },
  StridedSlice: { T: 0, Index: 1 },
  StridedSliceGrad: { T: 4, Index: 0 },
  Tanh: FIRST,
  TanhGrad: FIRST,
  ZerosLike: FIRST,
};
