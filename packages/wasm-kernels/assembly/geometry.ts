/** The shape of one convolution or pooling call, written by the caller as consecutive int32. */
@unmanaged
export class Window {
  batch: i32;
  inHeight: i32;
  inWidth: i32;
  inChannels: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padTop: i32;
  padLeft: i32;

  /** Height of the padded input that all windows touch. */
  @inline
  paddedHeight(): i32 {
    return max(this.inHeight + this.padTop, (this.outHeight - 1) * this.strideHeight + this.kernelHeight);
  }

  @inline
  paddedWidth(): i32 {
    return max(this.inWidth + this.padLeft, (this.outWidth - 1) * this.strideWidth + this.kernelWidth);
  }

  @inline
  isPadded(): bool {
    return this.paddedHeight() != this.inHeight || this.paddedWidth() != this.inWidth;
  }

  @inline
  inImageBytes(): usize {
    return (<usize>(this.inHeight * this.inWidth * this.inChannels)) << 2;
  }

  @inline
  outImageBytes(): usize {
    return (<usize>(this.outHeight * this.outWidth * this.outChannels)) << 2;
  }
}
