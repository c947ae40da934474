// Optimizer steps in place, in PyTorch's order of operations (torch.optim.Adam, AdamW, SGD).
import { floats, loadLanes, madd, storeLanes } from './simd';

/** One row of a step's table of updates: three int32. */
@unmanaged
class Update {
  parameter: usize;
  gradient: usize;
  size: i32;
}
const UPDATE_BYTES: usize = 12;

@inline
function adamLanes(
  parameter: usize,
  gradient: usize,
  m: usize,
  v: usize,
  beta1: v128,
  beta2: v128,
  rest1: v128,
  rest2: v128,
  epsilon: v128,
  l2: v128,
  decay: v128,
  stepSize: v128,
  correction2: v128,
  lanes: i32,
): void {
  const old = loadLanes(parameter, lanes),
    g = madd(l2, old, loadLanes(gradient, lanes));
  const mean = madd(rest1, g, f32x4.mul(beta1, loadLanes(m, lanes)));
  const square = madd(f32x4.mul(rest2, g), g, f32x4.mul(beta2, loadLanes(v, lanes)));
  storeLanes(m, mean, lanes);
  storeLanes(v, square, lanes);
  const denominator = f32x4.add(f32x4.div(f32x4.sqrt(square), correction2), epsilon);
  storeLanes(parameter, f32x4.sub(f32x4.mul(old, decay), f32x4.div(f32x4.mul(stepSize, mean), denominator)), lanes);
}

function adamOne(
  parameter: usize,
  gradient: usize,
  m: usize,
  v: usize,
  n: i32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  l2: f32,
  decay: f32,
  stepSize: f32,
  correction2: f32,
): void {
  const vBeta1 = f32x4.splat(beta1),
    vBeta2 = f32x4.splat(beta2),
    vRest1 = f32x4.splat(rest1),
    vRest2 = f32x4.splat(rest2);
  const vEpsilon = f32x4.splat(epsilon),
    vL2 = f32x4.splat(l2),
    vDecay = f32x4.splat(decay),
    vStep = f32x4.splat(stepSize),
    vCorrection2 = f32x4.splat(correction2);
  const whole = floats(n & ~3);
  for (let i: usize = 0; i < whole; i += 16)
    adamLanes(
      parameter + i,
      gradient + i,
      m + i,
      v + i,
      vBeta1,
      vBeta2,
      vRest1,
      vRest2,
      vEpsilon,
      vL2,
      vDecay,
      vStep,
      vCorrection2,
      4,
    );
  if (n & 3)
    adamLanes(
      parameter + whole,
      gradient + whole,
      m + whole,
      v + whole,
      vBeta1,
      vBeta2,
      vRest1,
      vRest2,
      vEpsilon,
      vL2,
      vDecay,
      vStep,
      vCorrection2,
      n & 3,
    );
}

/**
 * One step of all parameters. updates: a table of `count` rows, whose addresses count from `base` (0 here; the native
 * kernels replace it by the heap's); m and v hold one value per element of all parameters, one after another.
 * rest1 = 1 - beta1, rest2 = 1 - beta2; decay = 1 - learningRate * weightDecay;
 * stepSize = learningRate / (1 - beta1^step); correction2 = sqrt(1 - beta2^step).
 */
export function adam(
  base: usize,
  updates: usize,
  count: i32,
  m: usize,
  v: usize,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  l2: f32,
  decay: f32,
  stepSize: f32,
  correction2: f32,
): void {
  for (; count > 0; --count) {
    const update = changetype<Update>(updates),
      n = update.size;
    adamOne(
      base + update.parameter,
      base + update.gradient,
      m,
      v,
      n,
      beta1,
      beta2,
      rest1,
      rest2,
      epsilon,
      l2,
      decay,
      stepSize,
      correction2,
    );
    m += floats(n);
    v += floats(n);
    updates += UPDATE_BYTES;
  }
}

@inline
function sgdLanes(
  parameter: usize,
  gradient: usize,
  velocity: usize,
  rate: v128,
  momentum: v128,
  l2: v128,
  nesterov: bool,
  first: bool,
  lanes: i32,
): void {
  const old = loadLanes(parameter, lanes);
  let direction = madd(l2, old, loadLanes(gradient, lanes));
  if (velocity) {
    const kept = first ? direction : madd(momentum, loadLanes(velocity, lanes), direction);
    storeLanes(velocity, kept, lanes);
    direction = nesterov ? madd(momentum, kept, direction) : kept;
  }
  storeLanes(parameter, f32x4.sub(old, f32x4.mul(rate, direction)), lanes);
}

function sgdOne(
  parameter: usize,
  gradient: usize,
  velocity: usize,
  n: i32,
  learningRate: f32,
  momentum: f32,
  l2: f32,
  nesterov: i32,
  first: i32,
): void {
  const rate = f32x4.splat(learningRate),
    vMomentum = f32x4.splat(momentum),
    vL2 = f32x4.splat(l2),
    whole = floats(n & ~3);
  for (let i: usize = 0; i < whole; i += 16)
    sgdLanes(
      parameter + i,
      gradient + i,
      velocity ? velocity + i : 0,
      rate,
      vMomentum,
      vL2,
      nesterov != 0,
      first != 0,
      4,
    );
  if (n & 3)
    sgdLanes(
      parameter + whole,
      gradient + whole,
      velocity ? velocity + whole : 0,
      rate,
      vMomentum,
      vL2,
      nesterov != 0,
      first != 0,
      n & 3,
    );
}

/**
 * One step of all parameters, as adam. velocity is null without momentum; on the first step it becomes the gradient, as
 * in PyTorch.
 */
export function sgd(
  base: usize,
  updates: usize,
  count: i32,
  velocity: usize,
  learningRate: f32,
  momentum: f32,
  l2: f32,
  nesterov: i32,
  first: i32,
): void {
  for (; count > 0; --count) {
    const update = changetype<Update>(updates),
      n = update.size;
    sgdOne(base + update.parameter, base + update.gradient, velocity, n, learningRate, momentum, l2, nesterov, first);
    if (velocity) velocity += floats(n);
    updates += UPDATE_BYTES;
  }
}
