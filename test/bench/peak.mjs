// The peak speed of a core in WebAssembly: independent fused multiply-adds on 4 lanes, without loads or stores.
import { main as compile } from 'assemblyscript/asc';

const ACCUMULATORS = 12;
const ROUNDS = 5_000_000;
const TRIES = 5;

/** @param {boolean} isRelaxed whether multiply and add are fused, as in the kernels' relaxed build */
function source(isRelaxed) {
  const names = Array.from({ length: ACCUMULATORS }, (_, i) => `s${i}`);
  const step = (name) =>
    isRelaxed ? `${name} = f32x4.relaxed_madd(${name}, a, b);` : `${name} = f32x4.add(f32x4.mul(${name}, a), b);`;
  return `export function run(rounds: i32, x: f32): f32 {
    const a = f32x4.splat(x), b = f32x4.splat(1 - x);
    let ${names.map((name, i) => `${name} = f32x4.splat(${i}.5)`).join(', ')};
    for (let i = 0; i < rounds; ++i) { ${names.map(step).join(' ')} }
    return f32x4.extract_lane(${names.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}, 0);
  }`;
}

/** GFLOPS (two operations per multiply-add) of one core in this process, in CPU time. */
export async function wasmPeakGflops(build) {
  const isRelaxed = build === 'relaxed-simd';
  let binary;
  const { error } = await compile(
    [
      'peak.ts',
      '--outFile',
      'peak.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      ...(isRelaxed ? ['--enable', 'relaxed-simd'] : []),
    ],
    {
      readFile: (file) => (file === 'peak.ts' ? source(isRelaxed) : null),
      writeFile: (file, contents) => void (binary = contents),
      listFiles: () => [],
    },
  );
  if (error) throw error;
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => undefined } });
  const { run } = instance.exports;
  run(ROUNDS, 0.999);
  const seconds = Array.from({ length: TRIES }, () => {
    const before = process.cpuUsage();
    run(ROUNDS, 0.999);
    return process.cpuUsage(before).user / 1e6;
  });
  return (ROUNDS * ACCUMULATORS * 4 * 2) / Math.min(...seconds) / 1e9;
}
