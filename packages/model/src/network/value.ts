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

  /** A value made from this one, which is released. */
  replace(make: (tensor: Tensor) => Tensor): Value {
    const made = new Value(make(this.tensor));
    this.release();
    return made;
  }
}
