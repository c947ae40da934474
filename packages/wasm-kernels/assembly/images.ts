// The input pipeline: pixels stay uint8 until a batch needs them.
import { floats, madd } from './simd';

/**
 * Factors repeat every 4 pixels, that is every `channels` vectors: [channels] scale vectors, then the same number of
 * shift vectors.
 */
export function gatherImagesScratch(channels: i32): usize {
  return floats(8 * channels);
}

/**
 * y[b, i] = images[indices[b], i] * scale[c] + shift[c], with c = i mod channels; images uint8 of `size` bytes each.
 */
export function gatherImages(
  images: usize,
  indices: usize,
  scale: usize,
  shift: usize,
  y: usize,
  scratch: usize,
  batch: i32,
  size: i32,
  channels: i32,
): void {
  const group = 4 * channels,
    shifts = scratch + floats(group);
  for (let i = 0; i < group; ++i) {
    store<f32>(scratch + floats(i), load<f32>(scale + floats(i % channels)));
    store<f32>(shifts + floats(i), load<f32>(shift + floats(i % channels)));
  }
  const whole = size - (size % group);
  for (let b = 0; b < batch; ++b) {
    const image = images + <usize>load<i32>(indices + floats(b)) * <usize>size;
    for (let i = 0; i < whole; i += group) {
      for (let j = 0; j < group; j += 4) {
        const bytes = v128.load32_zero(image + i + j);
        const pixels = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
        v128.store(y + floats(i + j), madd(pixels, v128.load(scratch + floats(j)), v128.load(shifts + floats(j))));
      }
    }
    for (let i = whole; i < size; ++i) {
      const c = i % channels;
      store<f32>(y + floats(i), <f32>load<u8>(image + i) * load<f32>(scale + floats(c)) + load<f32>(shift + floats(c)));
    }
    y += floats(size);
  }
}
