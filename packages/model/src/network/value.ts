import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/** A tensor with a count of its holders; the last release frees its memory. */
export class Value {
  private holders = 1;

  constructor(readonly tensor: Tensor) {}

  /** [n, features] */
  get tensor2d(): Tensor2D {
    return this.tensor as Tensor2D;
  }

  /** [n, height, width, channels] */
  get tensor4d(): Tensor4D {
    return this.tensor as Tensor4D;
  }

  /**
   * Adds a holder. Held tensors outlive a caller's tf.tidy: this does what tf.keep does, without loading TensorFlow.js.
   */
  retain(): this {
    this.tensor.kept = true;
    this.holders++;
    return this;
  }

  release(): void {
    if (--this.holders === 0) this.tensor.dispose();
  }

  /** Whether nothing else reads the tensor, so that its holder may overwrite it. */
  get isSole(): boolean {
    return this.holders === 1;
  }

  /** A value made from this one, which is released; `overwrite` says whether it may reuse the same memory. */
  replace(make: (tensor: Tensor, overwrite: boolean) => Tensor): Value {
    const made = new Value(make(this.tensor, this.isSole));
    this.release();
    return made;
  }
}
