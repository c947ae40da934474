// The one-dimensional transforms of Winograd's F(4, 3) (A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural
// Networks, CVPR 2016, https://arxiv.org/abs/1509.09308); the matrices are named as in the paper. The interpolation
// points are 0, ±√½, ±√2 instead of the paper's 0, ±1, ±2: the matrices' entries are closer to 1 (at most 2√2 instead
// of 8), which makes rounding errors several times smaller. Two passes make a tile's two-dimensional transform of 4
// channels. Between them, columns of vectors are in working memory. Their distances are constants in the load and store
// instructions, because computed addresses would cost as much as the arithmetic.
import { clampBelow, madd, zeroFill } from './simd';

const NEAR: f32 = <f32>Math.SQRT1_2;
const FAR: f32 = <f32>Math.SQRT2;

/** B^T d, first pass: the column of 6 pixels at row0 … row5 -> 6 vectors. */
@inline
export function inputColumn(
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  row4: usize,
  row5: usize,
  to: usize,
): void {
  const d0 = v128.load(row0),
    d1 = v128.load(row1),
    d2 = v128.load(row2),
    d3 = v128.load(row3),
    d4 = v128.load(row4),
    d5 = v128.load(row5);
  v128.store(to, inputEdge(d0, d2, d4));
  v128.store(to, inputEdge(d1, d3, d5), 80);
  const even = madd(d2, f32x4.splat(-2), d4),
    odd = f32x4.mul(madd(d1, f32x4.splat(-2), d3), f32x4.splat(NEAR));
  v128.store(to, f32x4.add(even, odd), 16);
  v128.store(to, f32x4.sub(even, odd), 32);
  const evenFar = madd(d2, f32x4.splat(-0.5), d4),
    oddFar = f32x4.mul(madd(d1, f32x4.splat(-0.5), d3), f32x4.splat(FAR));
  v128.store(to, f32x4.add(evenFar, oddFar), 48);
  v128.store(to, f32x4.sub(evenFar, oddFar), 64);
}

/** (B^T d) B, second pass: a row across 6 columns, 6 vectors apart -> six planes. */
@inline
export function inputRow(from: usize, to: usize, plane: usize): void {
  const d0 = v128.load(from),
    d1 = v128.load(from, 96),
    d2 = v128.load(from, 192),
    d3 = v128.load(from, 288),
    d4 = v128.load(from, 384),
    d5 = v128.load(from, 480);
  const even = madd(d2, f32x4.splat(-2), d4),
    odd = f32x4.mul(madd(d1, f32x4.splat(-2), d3), f32x4.splat(NEAR));
  const evenFar = madd(d2, f32x4.splat(-0.5), d4),
    oddFar = f32x4.mul(madd(d1, f32x4.splat(-0.5), d3), f32x4.splat(FAR));
  v128.store(to, inputEdge(d0, d2, d4));
  to += plane;
  v128.store(to, f32x4.add(even, odd));
  to += plane;
  v128.store(to, f32x4.sub(even, odd));
  to += plane;
  v128.store(to, f32x4.add(evenFar, oddFar));
  to += plane;
  v128.store(to, f32x4.sub(evenFar, oddFar));
  to += plane;
  v128.store(to, inputEdge(d1, d3, d5));
}

/** a - 5/2 b + c */
@inline
function inputEdge(a: v128, b: v128, c: v128): v128 {
  return madd(b, f32x4.splat(-2.5), f32x4.add(a, c));
}

/** A column in the padding. */
@inline
export function zeroColumn(to: usize): void {
  zeroFill(to, 96);
}

/** A^T m, first pass: six planes, planeRow apart -> a column of 4 vectors. */
@inline
export function outputColumn(from: usize, planeRow: usize, to: usize): void {
  const from1 = from + planeRow,
    from2 = from1 + planeRow,
    from3 = from2 + planeRow,
    from4 = from3 + planeRow;
  const m0 = v128.load(from),
    m1 = v128.load(from1),
    m2 = v128.load(from2),
    m3 = v128.load(from3),
    m4 = v128.load(from4),
    m5 = v128.load(from4 + planeRow);
  const a = f32x4.add(m1, m2),
    e = f32x4.add(m3, m4);
  const b = f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(NEAR)),
    f = f32x4.mul(f32x4.sub(m3, m4), f32x4.splat(FAR));
  v128.store(to, f32x4.add(f32x4.add(m0, a), e));
  v128.store(to, f32x4.add(b, f), 16);
  v128.store(to, madd(e, f32x4.splat(2), f32x4.mul(a, f32x4.splat(0.5))), 32);
  v128.store(to, madd(f, f32x4.splat(2), madd(b, f32x4.splat(0.5), m5)), 48);
}

/**
 * (A^T m) A, second pass: a row across 6 columns, 4 vectors apart -> 4 neighboring pixels, plus bias, clamped from
 * below; or, with `adds`, plus the pixels at onto.
 */
@inline
export function outputRow(
  from: usize,
  to: usize,
  pixel: usize,
  bias: v128,
  floor: v128,
  onto: usize,
  adds: bool,
): void {
  const m0 = v128.load(from),
    m1 = v128.load(from, 64),
    m2 = v128.load(from, 128),
    m3 = v128.load(from, 192),
    m4 = v128.load(from, 256),
    m5 = v128.load(from, 320);
  const a = f32x4.add(m1, m2),
    e = f32x4.add(m3, m4);
  const b = f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(NEAR)),
    f = f32x4.mul(f32x4.sub(m3, m4), f32x4.splat(FAR));
  putOutput(to, f32x4.add(f32x4.add(m0, a), e), bias, floor, onto, adds);
  to += pixel;
  onto += pixel;
  putOutput(to, f32x4.add(b, f), bias, floor, onto, adds);
  to += pixel;
  onto += pixel;
  putOutput(to, madd(e, f32x4.splat(2), f32x4.mul(a, f32x4.splat(0.5))), bias, floor, onto, adds);
  to += pixel;
  onto += pixel;
  putOutput(to, madd(f, f32x4.splat(2), madd(b, f32x4.splat(0.5), m5)), bias, floor, onto, adds);
}

@inline
function putOutput(to: usize, output: v128, bias: v128, floor: v128, onto: usize, adds: bool): void {
  v128.store(to, adds ? f32x4.add(output, v128.load(onto)) : clampBelow(f32x4.add(output, bias), floor));
}

/** A g, first pass: a column of 4 output gradients -> 6 vectors. */
@inline
export function gradientColumn(from: usize, row: usize, to: usize): void {
  const from1 = from + row,
    from2 = from1 + row;
  const y0 = v128.load(from),
    y1 = v128.load(from1),
    y2 = v128.load(from2),
    y3 = v128.load(from2 + row);
  v128.store(to, y0);
  v128.store(to, y3, 80);
  const a = madd(y2, f32x4.splat(0.5), y0),
    b = f32x4.mul(madd(y3, f32x4.splat(0.5), y1), f32x4.splat(NEAR));
  v128.store(to, f32x4.add(a, b), 16);
  v128.store(to, f32x4.sub(a, b), 32);
  const e = madd(y2, f32x4.splat(2), y0),
    f = f32x4.mul(madd(y3, f32x4.splat(2), y1), f32x4.splat(FAR));
  v128.store(to, f32x4.add(e, f), 48);
  v128.store(to, f32x4.sub(e, f), 64);
}

/** (A g) A^T, second pass: a row across 4 columns, 6 vectors apart -> six planes. */
@inline
export function gradientRow(from: usize, to: usize, plane: usize): void {
  const y0 = v128.load(from),
    y1 = v128.load(from, 96),
    y2 = v128.load(from, 192),
    y3 = v128.load(from, 288);
  const a = madd(y2, f32x4.splat(0.5), y0),
    b = f32x4.mul(madd(y3, f32x4.splat(0.5), y1), f32x4.splat(NEAR));
  const e = madd(y2, f32x4.splat(2), y0),
    f = f32x4.mul(madd(y3, f32x4.splat(2), y1), f32x4.splat(FAR));
  v128.store(to, y0);
  to += plane;
  v128.store(to, f32x4.add(a, b));
  to += plane;
  v128.store(to, f32x4.sub(a, b));
  to += plane;
  v128.store(to, f32x4.add(e, f));
  to += plane;
  v128.store(to, f32x4.sub(e, f));
  to += plane;
  v128.store(to, y3);
}

/** G: 3 filter values -> 6. */
@inline
export function transformFilter(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const third = f32x4.splat(1.0 / 3.0),
    sixth = f32x4.splat(1.0 / 6.0),
    twoThirds = f32x4.splat(2.0 / 3.0);
  const rootThird = f32x4.splat(<f32>(Math.SQRT2 / 3.0)),
    rootSixth = f32x4.splat(<f32>(Math.SQRT2 / 6.0));
  const from1 = from + fromStep,
    from2 = from1 + fromStep;
  const to1 = to + toStep,
    to2 = to1 + toStep,
    to3 = to2 + toStep,
    to4 = to3 + toStep,
    to5 = to4 + toStep;
  const g0 = v128.load(from),
    g1 = v128.load(from1),
    g2 = v128.load(from2);
  v128.store(to, g0);
  v128.store(to5, g2);
  const a = f32x4.add(f32x4.mul(g0, twoThirds), f32x4.mul(g2, third)),
    b = f32x4.mul(g1, rootThird);
  v128.store(to1, f32x4.neg(f32x4.add(a, b)));
  v128.store(to2, f32x4.sub(b, a));
  const e = f32x4.add(f32x4.mul(g0, sixth), f32x4.mul(g2, third)),
    f = f32x4.mul(g1, rootSixth);
  v128.store(to3, f32x4.add(e, f));
  v128.store(to4, f32x4.sub(e, f));
}

/** G^T: 6 -> 3 filter values, for the filter's gradient. */
@inline
export function transformFilterBack(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const third = f32x4.splat(1.0 / 3.0),
    sixth = f32x4.splat(1.0 / 6.0),
    twoThirds = f32x4.splat(2.0 / 3.0);
  const rootThird = f32x4.splat(<f32>(Math.SQRT2 / 3.0)),
    rootSixth = f32x4.splat(<f32>(Math.SQRT2 / 6.0));
  const from1 = from + fromStep,
    from2 = from1 + fromStep,
    from3 = from2 + fromStep,
    from4 = from3 + fromStep,
    from5 = from4 + fromStep;
  const u0 = v128.load(from),
    u1 = v128.load(from1),
    u2 = v128.load(from2),
    u3 = v128.load(from3),
    u4 = v128.load(from4),
    u5 = v128.load(from5);
  const a = f32x4.add(u1, u2),
    b = f32x4.sub(u2, u1),
    e = f32x4.add(u3, u4),
    f = f32x4.sub(u3, u4);
  v128.store(to, f32x4.add(f32x4.sub(u0, f32x4.mul(a, twoThirds)), f32x4.mul(e, sixth)));
  v128.store(to + toStep, f32x4.add(f32x4.mul(b, rootThird), f32x4.mul(f, rootSixth)));
  v128.store(to + 2 * toStep, f32x4.add(f32x4.mul(f32x4.sub(e, a), third), u5));
}
