/** A byte offset into the WASM memory; 0 means "none". */
export type Address = number;

/** The kernels that the module exports; see native/ for the meaning of each. `window` points at 13 int32. */
export interface WasmExports {
  convForwardScratch: (window: Address) => number;
  convForward: (
    window: Address,
    x: Address,
    filter: Address,
    bias: Address,
    y: Address,
    scratch: Address,
    relu: number,
  ) => void;
  convGradInputScratch: (window: Address) => number;
  convGradInput: (window: Address, dy: Address, filter: Address, dx: Address, scratch: Address) => void;
  convGradFilterScratch: (window: Address) => number;
  convGradFilter: (window: Address, x: Address, dy: Address, dFilter: Address, scratch: Address) => void;
  winogradSupports: (window: Address) => number;
  winogradScratch: (window: Address) => number;
  winogradForward: (
    window: Address,
    x: Address,
    filter: Address,
    bias: Address,
    y: Address,
    scratch: Address,
    relu: number,
  ) => void;
  winogradGradInput: (
    window: Address,
    dy: Address,
    filter: Address,
    onto: Address,
    dx: Address,
    scratch: Address,
  ) => void;
  winogradGradFilter: (window: Address, x: Address, dy: Address, dFilter: Address, scratch: Address) => void;
  winogradNormSupports: (window: Address) => number;
  winogradNormScratch: (window: Address) => number;
  winogradNormForward: (
    window: Address,
    x: Address,
    filter: Address,
    bias: Address,
    z: Address,
    gamma: Address,
    beta: Address,
    residual: Address,
    y: Address,
    statistics: Address,
    scratch: Address,
    epsilon: number,
    convolutionRelu: number,
    relu: number,
  ) => void;
  winogradNormBackward: (
    window: Address,
    x: Address,
    filter: Address,
    z: Address,
    dy: Address,
    y: Address,
    gamma: Address,
    statistics: Address,
    onto: Address,
    dx: Address,
    dFilter: Address,
    dBias: Address,
    dGamma: Address,
    dBeta: Address,
    gated: Address,
    scratch: Address,
    convolutionRelu: number,
    relu: number,
  ) => void;
  gemmScratch: (m: number, n: number, k: number) => number;
  gemm: (
    a: Address,
    aRow: number,
    aColumn: number,
    b: Address,
    bRow: number,
    bColumn: number,
    c: Address,
    m: number,
    n: number,
    k: number,
    scratch: Address,
  ) => void;
  finishDense: (y: Address, bias: Address, rows: number, columns: number, activation: number) => void;
  batchNormScratch: (channels: number) => number;
  batchNormForward: (
    x: Address,
    gamma: Address,
    beta: Address,
    residual: Address,
    y: Address,
    statistics: Address,
    scratch: Address,
    rows: number,
    channels: number,
    epsilon: number,
    relu: number,
  ) => void;
  batchNormBackward: (
    x: Address,
    dy: Address,
    y: Address,
    gamma: Address,
    statistics: Address,
    dx: Address,
    dGamma: Address,
    dBeta: Address,
    gated: Address,
    scratch: Address,
    rows: number,
    channels: number,
    relu: number,
    inputRelu: number,
  ) => void;
  scaleShift: (
    x: Address,
    scale: Address,
    shift: Address,
    y: Address,
    rows: number,
    channels: number,
    relu: number,
  ) => void;
  updateRunning: (
    statistics: Address,
    runningMean: Address,
    runningVariance: Address,
    channels: number,
    momentum: number,
    unbias: number,
  ) => void;
  reluGrad: (dy: Address, y: Address, dx: Address, n: number) => void;
  relu6Grad: (dy: Address, y: Address, dx: Address, n: number) => void;
  tanhGrad: (dy: Address, y: Address, dx: Address, n: number) => void;
  add: (a: Address, b: Address, y: Address, n: number, relu: number) => void;
  channelSumsScratch: (channels: number) => number;
  channelSums: (x: Address, sums: Address, scratch: Address, rows: number, channels: number) => void;
  shortcut: (
    large: Address,
    small: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
    stride: number,
    channelPad: number,
    backward: number,
  ) => void;
  globalAverage: (x: Address, y: Address, batch: number, pixels: number, channels: number) => void;
  globalAverageGrad: (dy: Address, dx: Address, batch: number, pixels: number, channels: number) => void;
  maxPool: (window: Address, x: Address, y: Address) => void;
  maxPoolGrad: (window: Address, x: Address, y: Address, dy: Address, dx: Address) => void;
  depthwiseForward: (window: Address, x: Address, filter: Address, bias: Address, y: Address, relu: number) => void;
  depthwiseGradInput: (window: Address, dy: Address, filter: Address, dx: Address) => void;
  depthwiseGradFilter: (window: Address, x: Address, dy: Address, dFilter: Address) => void;
  dropoutElements: (x: Address, y: Address, n: number, key: number, threshold: number, scale: number) => void;
  dropoutChannelsScratch: (channels: number) => number;
  dropoutChannels: (
    x: Address,
    y: Address,
    scratch: Address,
    batch: number,
    pixels: number,
    channels: number,
    key: number,
    threshold: number,
    scale: number,
  ) => void;
  softmaxCrossEntropy: (
    logits: Address,
    labels: Address,
    losses: Address,
    correct: Address,
    dLogits: Address,
    batch: number,
    classes: number,
  ) => void;
  /** `updates` points at `count` rows of int32: addresses of parameter and gradient, and their size. `base` is 0. */
  adam: (
    base: Address,
    updates: Address,
    count: number,
    m: Address,
    v: Address,
    beta1: number,
    beta2: number,
    rest1: number,
    rest2: number,
    epsilon: number,
    l2: number,
    decay: number,
    stepSize: number,
    correction2: number,
  ) => void;
  sgd: (
    base: Address,
    updates: Address,
    count: number,
    velocity: Address,
    learningRate: number,
    momentum: number,
    l2: number,
    nesterov: number,
    first: number,
  ) => void;
  moveImages: (
    images: Address,
    indices: Address,
    moves: Address,
    to: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
  ) => void;
  gatherImagesScratch: (channels: number) => number;
  gatherImages: (
    images: Address,
    indices: Address,
    scale: Address,
    shift: Address,
    y: Address,
    scratch: Address,
    batch: number,
    size: number,
    channels: number,
  ) => void;
}

/** The module itself: its kernels, and the global that holds the end of its stack, for which the caller gives memory. */
export interface WasmModuleExports extends WasmExports {
  __stack_pointer: { value: number };
}
