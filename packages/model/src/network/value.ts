import { keep, type Tensor } from '@tensorflow/tfjs-core';

/** A tensor with a count of its holders; the last release frees its memory. */
export class Value {
  private holders = 1;

  constructor(readonly tensor: Tensor) {}

  /** One more holder. Held tensors outlive a caller's tf.tidy. */
  retain(): this {
    keep(this.tensor);
    this.holders++;
    return this;
  }

  release(): void {
    if (--this.holders === 0) this.tensor.dispose();
  }

  /** Whether nobody else reads the tensor: who holds it may overwrite it. */
  get isSole(): boolean {
    return this.holders === 1;
  }

  /** A value made from this one, which is released; `overwrite` tells whether it may be made in the same memory. */
  replace(make: (tensor: Tensor, overwrite: boolean) => Tensor): Value {
    const made = new Value(make(this.tensor, this.isSole));
    this.release();
    return made;
  }
}
