// The one-dimensional transforms of Winograd's F(4, 3) (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks,
// CVPR 2016, https://arxiv.org/abs/1509.09308), interpolation points 0, 1, -1, 2, -2. Each reads vectors of 4 channels at
// from + i * fromStep and writes them at to + i * toStep (bytes); two passes make a tile's two-dimensional transform.

// (named after the matrices of the paper)

/** B^T: 6 input values -> 6. */
@inline
export function transformInput(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const four = f32x4.splat(4), five = f32x4.splat(5);
  const from1 = from + fromStep, from2 = from1 + fromStep, from3 = from2 + fromStep, from4 = from3 + fromStep, from5 = from4 + fromStep;
  const to1 = to + toStep, to2 = to1 + toStep, to3 = to2 + toStep, to4 = to3 + toStep, to5 = to4 + toStep;
  const d0 = v128.load(from), d1 = v128.load(from1), d2 = v128.load(from2), d3 = v128.load(from3), d4 = v128.load(from4), d5 = v128.load(from5);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(d0, four), f32x4.mul(d2, five)), d4));
  v128.store(to5, f32x4.add(f32x4.sub(f32x4.mul(d1, four), f32x4.mul(d3, five)), d5));
  const p = f32x4.sub(d4, f32x4.mul(d2, four)), q = f32x4.sub(d3, f32x4.mul(d1, four));
  v128.store(to1, f32x4.add(p, q));
  v128.store(to2, f32x4.sub(p, q));
  const r = f32x4.sub(d4, d2), s = f32x4.sub(d3, d1), s2 = f32x4.add(s, s);
  v128.store(to3, f32x4.add(r, s2));
  v128.store(to4, f32x4.sub(r, s2));
}

/** G: 3 filter values -> 6. */
@inline
export function transformFilter(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const sixth = f32x4.splat(1.0 / 6.0), twelfth = f32x4.splat(1.0 / 12.0), twentyFourth = f32x4.splat(1.0 / 24.0);
  const from1 = from + fromStep, from2 = from1 + fromStep;
  const to1 = to + toStep, to2 = to1 + toStep, to3 = to2 + toStep, to4 = to3 + toStep, to5 = to4 + toStep;
  const g0 = v128.load(from), g1 = v128.load(from1), g2 = v128.load(from2);
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to5, g2);
  const a = f32x4.mul(f32x4.add(g0, g2), sixth), b = f32x4.mul(g1, sixth);
  v128.store(to1, f32x4.neg(f32x4.add(a, b)));
  v128.store(to2, f32x4.sub(b, a));
  const e = f32x4.add(f32x4.mul(g0, twentyFourth), f32x4.mul(g2, sixth)), f = f32x4.mul(g1, twelfth);
  v128.store(to3, f32x4.add(e, f));
  v128.store(to4, f32x4.sub(e, f));
}

/** G^T: 6 -> 3 filter values, for the filter's gradient. */
@inline
export function transformFilterBack(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const sixth = f32x4.splat(1.0 / 6.0), twelfth = f32x4.splat(1.0 / 12.0), twentyFourth = f32x4.splat(1.0 / 24.0);
  const from1 = from + fromStep, from2 = from1 + fromStep, from3 = from2 + fromStep, from4 = from3 + fromStep, from5 = from4 + fromStep;
  const u0 = v128.load(from), u1 = v128.load(from1), u2 = v128.load(from2), u3 = v128.load(from3), u4 = v128.load(from4), u5 = v128.load(from5);
  const a = f32x4.add(u1, u2), b = f32x4.sub(u2, u1), e = f32x4.add(u3, u4), f = f32x4.sub(u3, u4);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(u0, f32x4.splat(0.25)), f32x4.mul(a, sixth)), f32x4.mul(e, twentyFourth)));
  v128.store(to + toStep, f32x4.add(f32x4.mul(b, sixth), f32x4.mul(f, twelfth)));
  v128.store(to + 2 * toStep, f32x4.add(f32x4.mul(f32x4.sub(e, a), sixth), u5));
}

/** A^T: 6 -> 4 output values; each is raised by `bias` and clamped at `floor`. */
@inline
export function transformOutput(from: usize, fromStep: usize, to: usize, toStep: usize, bias: v128, floor: v128, isLast: bool): void {
  const four = f32x4.splat(4), eight = f32x4.splat(8);
  const from1 = from + fromStep, from2 = from1 + fromStep, from3 = from2 + fromStep, from4 = from3 + fromStep, from5 = from4 + fromStep;
  const to1 = to + toStep, to2 = to1 + toStep, to3 = to2 + toStep;
  const m0 = v128.load(from), m1 = v128.load(from1), m2 = v128.load(from2), m3 = v128.load(from3), m4 = v128.load(from4), m5 = v128.load(from5);
  const a = f32x4.add(m1, m2), b = f32x4.sub(m1, m2), e = f32x4.add(m3, m4), f = f32x4.sub(m3, m4);
  v128.store(to, finish(f32x4.add(f32x4.add(m0, a), e), bias, floor, isLast));
  v128.store(to1, finish(f32x4.add(b, f32x4.add(f, f)), bias, floor, isLast));
  v128.store(to2, finish(f32x4.add(a, f32x4.mul(e, four)), bias, floor, isLast));
  v128.store(to3, finish(f32x4.add(f32x4.add(b, f32x4.mul(f, eight)), m5), bias, floor, isLast));
}

@inline
function finish(value: v128, bias: v128, floor: v128, isLast: bool): v128 {
  return isLast ? f32x4.pmax(f32x4.add(bias, value), floor) : value;
}

/** A: 4 output gradients -> 6. */
@inline
export function transformOutputBack(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const four = f32x4.splat(4), eight = f32x4.splat(8);
  const from1 = from + fromStep, from2 = from1 + fromStep, from3 = from2 + fromStep;
  const to1 = to + toStep, to2 = to1 + toStep, to3 = to2 + toStep, to4 = to3 + toStep, to5 = to4 + toStep;
  const y0 = v128.load(from), y1 = v128.load(from1), y2 = v128.load(from2), y3 = v128.load(from3);
  v128.store(to, y0);
  v128.store(to5, y3);
  const a = f32x4.add(y0, y2), b = f32x4.add(y1, y3);
  v128.store(to1, f32x4.add(a, b));
  v128.store(to2, f32x4.sub(a, b));
  const e = f32x4.add(y0, f32x4.mul(y2, four)), f = f32x4.add(f32x4.add(y1, y1), f32x4.mul(y3, eight));
  v128.store(to3, f32x4.add(e, f));
  v128.store(to4, f32x4.sub(e, f));
}
