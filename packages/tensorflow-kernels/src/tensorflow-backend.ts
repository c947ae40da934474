import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { HostValues } from './host-inputs.ts';

/** An attribute of a TensorFlow operation in the form that the binding takes. */
export interface OpAttribute {
  readonly name: string;
  /** TF_AttrType. */
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** The binding's constants that the kernels use: TF_DataType and TF_AttrType of tensorflow/c. */
const CONSTANTS = [
  'TF_FLOAT',
  'TF_INT32',
  'TF_UINT8',
  'TF_ATTR_INT',
  'TF_ATTR_FLOAT',
  'TF_ATTR_BOOL',
  'TF_ATTR_STRING',
  'TF_ATTR_TYPE',
  'TF_ATTR_SHAPE',
] as const;
type TensorflowConstants = Readonly<Record<(typeof CONSTANTS)[number], number>>;

/** A tensor that the binding made; the id is the binding's, and never used again. */
export interface TensorMetadata {
  readonly id: number;
  /** TF_DataType. */
  readonly dtype: number;
  readonly shape: number[];
}

/** The binding: what the backend calls, and what Bakeoff's builds of it add. */
export interface TensorflowBinding extends TensorflowConstants {
  readonly TF_Version: string;
  createTensor(shape: readonly number[], dtype: number, values: HostValues): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): HostValues;
  executeOp(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  /**
   * Makes a graph a function of the eager context, which executeOp then runs by its name; the stock binding lacks it
   * (docker/gpu/add-function.mjs). Inputs and outputs are lists `node:0,node:1`.
   */
  addFunction?(name: string, graphDef: Uint8Array, inputs: string, outputs: string): void;
}

/**
 * What the backend knows of a tensor. Values that are not null have not been passed to TensorFlow yet, which happens
 * when an operation first reads them.
 */
export interface TensorEntry {
  shape: number[];
  /** TF_DataType. */
  dtype: number;
  values: HostValues | null;
  /** The binding's; below 0 until it has the values. */
  id: number;
  refCount: number;
}

/** The private parts of tfjs-node 4.22.0's backend that this package depends on. */
export interface TensorflowBackend {
  readonly binding: TensorflowBinding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): TensorEntry };
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
  write(values: Float32Array | Int32Array, shape: number[], dtype: DataType): object;
  incRef(dataId: object): void;
  disposeData(dataId: object, force?: boolean): boolean;
}

const FUNCTIONS = [
  'executeSingleOutput',
  'executeMultipleOutputs',
  'createOutputTensor',
  'write',
  'incRef',
  'disposeData',
] as const satisfies readonly (keyof TensorflowBackend)[];

/** @throws Error naming each part that this backend lacks, as it would after a change of version. */
export function checkTensorflowBackend(backend: unknown): TensorflowBackend {
  const found = (backend ?? {}) as Record<string, unknown>;
  const binding = (found['binding'] ?? {}) as Record<string, unknown>;
  const missing = [
    ...FUNCTIONS.filter((name) => typeof found[name] !== 'function'),
    ...(typeof (found['tensorMap'] as { get?: unknown } | undefined)?.get === 'function' ? [] : ['tensorMap.get']),
    ...(typeof found['isUsingGpuDevice'] === 'boolean' ? [] : ['isUsingGpuDevice']),
    ...CONSTANTS.filter((name) => typeof binding[name] !== 'number').map((name) => `binding.${name}`),
  ];
  if (missing.length > 0)
    throw new Error(
      `These kernels are made for the backend of @tensorflow/tfjs-node 4.22.0; the current one lacks ${missing.join(', ')}.`,
    );
  return backend as TensorflowBackend;
}
