import { engine, util } from '@tensorflow/tfjs-core';
import type { DataType, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { withNativeKernels } from '../native/native-kernels.ts';
import type { NativeChoice } from '../native/choose-native.ts';
import { outOfMemory } from './out-of-memory.ts';
import { checkTfjsSurface } from './tfjs-surface.ts';
import type { TfjsWasmBackend } from './tfjs-surface.ts';
import type { Address, WasmExports, WasmModuleExports } from './wasm-exports.ts';
import { webAssembly } from './web-assembly.ts';
import type { WasmModule } from './web-assembly.ts';

/** A convolution or pooling call in the order of native/geometry.h. */
export interface WindowGeometry {
  batch: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  kernelHeight: number;
  kernelWidth: number;
  strideHeight: number;
  strideWidth: number;
  padTop: number;
  padLeft: number;
}

const WINDOW_BYTES = 64;
const ALIGNMENT = 64; // a cache line
const STACK_BYTES = 65536;

/** The only code that touches TensorFlow.js's private WASM parts: tensors in its memory, scratch, changes in place. */
export class WasmAdapter {
  readonly kernels: WasmExports;
  readonly #backend: TfjsWasmBackend;
  readonly #window: Address;
  #scratch: Address = 0;
  #scratchBytes = 0;

  constructor(backend: unknown, module: WasmModule, native: NativeChoice) {
    this.#backend = checkTfjsSurface(backend);
    const { memory } = this.#backend.wasm.asm;
    const { __stack_pointer: stack, ...exports } = new webAssembly.Instance(module, { env: { memory } })
      .exports as WasmModuleExports;
    stack.value = this.#allocate(STACK_BYTES) + STACK_BYTES;
    this.kernels = 'addon' in native ? withNativeKernels(exports, memory, native.addon, native.width) : exports;
    this.#window = this.#allocate(WINDOW_BYTES);
  }

  #allocate(bytes: number): Address {
    const address = this.#backend.wasm._malloc(bytes) >>> 0; // signed above 2 GiB
    if (address === 0) throw outOfMemory(bytes, this.memoryBytes());
    return address;
  }

  address(tensor: TensorInfo): Address {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A tensor's elements where they are, until memory grows. */
  floats(tensor: TensorInfo): Float32Array {
    return new Float32Array(
      this.#backend.wasm.HEAPU8.buffer,
      this.address(tensor),
      util.sizeFromShape([...tensor.shape]),
    );
  }

  /** The address of an input, or 0 if it is absent. */
  optional(tensor: TensorInfo | undefined): Address {
    return tensor ? this.address(tensor) : 0;
  }

  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    const info = this.#backend.makeOutput([...shape], dtype);
    if (this.address(info) === 0 && util.sizeFromShape([...shape]) > 0) {
      this.#backend.disposeData(info.dataId);
      throw outOfMemory(4 * util.sizeFromShape([...shape]), this.memoryBytes());
    }
    return info;
  }

  /** A second tensor info over the same data, as TensorFlow.js's Identity and Reshape make it. */
  share(tensor: TensorInfo, shape: number[] = tensor.shape): TensorInfo {
    this.#backend.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
  }

  /**
   * An output of an input's shape. It reuses the input's memory if `overwrite` allows it and no other tensor shares the
   * data, which saves a pass over memory.
   */
  outputOver(input: TensorInfo, overwrite: boolean): TensorInfo {
    return overwrite && this.#backend.refCount(input.dataId) === 1 ? this.share(input) : this.output(input.shape);
  }

  /** Working memory until the next call; it only ever grows. */
  scratch(bytes: number): Address {
    if (bytes > this.#scratchBytes) {
      if (this.#scratch) this.#backend.wasm._free(this.#scratch);
      this.#scratchBytes = 0;
      this.#scratch = this.#allocate(bytes + ALIGNMENT);
      this.#scratchBytes = bytes;
    }
    return Math.ceil(this.#scratch / ALIGNMENT) * ALIGNMENT;
  }

  /** Writes a geometry where the kernels read it; it is valid until the next call. */
  window(g: WindowGeometry): Address {
    new Int32Array(this.#backend.wasm.HEAPU8.buffer, this.#window, 13).set([
      g.batch,
      g.inHeight,
      g.inWidth,
      g.inChannels,
      g.outHeight,
      g.outWidth,
      g.outChannels,
      g.kernelHeight,
      g.kernelWidth,
      g.strideHeight,
      g.strideWidth,
      g.padTop,
      g.padLeft,
    ]);
    return this.#window;
  }

  writeFloats(address: Address, values: ArrayLike<number>): void {
    new Float32Array(this.#backend.wasm.HEAPU8.buffer, address, values.length).set(values);
  }

  writeInts(address: Address, values: ArrayLike<number>): void {
    new Int32Array(this.#backend.wasm.HEAPU8.buffer, address, values.length).set(values);
  }

  /**
   * The address of a variable about to change in place. Tensors that share its data (a clone, a view, the initial
   * value) must keep the old values, so a shared variable moves to a copy first. XNNPACK caches packed weights by
   * tensor id: registering the tensor again drops what the stock kernels cached for it.
   */
  writable(variable: Tensor): Address {
    if (this.#backend.refCount(variable.dataId) > 1) this.#unshare(variable as Variable);
    const { id, memoryOffset } = this.#backend.dataIdMap.get(variable.dataId);
    this.#backend.wasm.tfjs.disposeData(id);
    this.#backend.wasm.tfjs.registerTensor(id, variable.size, memoryOffset);
    return memoryOffset;
  }

  #unshare(variable: Variable): void {
    const info = this.output(variable.shape, variable.dtype);
    const from = this.address(variable),
      bytes = variable.size * util.bytesPerElement(variable.dtype);
    this.#backend.wasm.HEAPU8.copyWithin(this.address(info), from, from + bytes);
    const copy = engine().makeTensorFromTensorInfo(info);
    variable.assign(copy);
    copy.dispose();
  }

  memoryBytes(): number {
    return this.#backend.wasm.HEAPU8.length;
  }
}
