// The vector widths at which both sides are measured. A processor with AVX-512 is measured twice: as it is, and with
// both sides held to AVX2, which is what most machines have.
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';

/** The parts of AVX-512 that our wide kernels and PyTorch's use. */
const AVX512_FLAGS = ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'];

/** Environment variables that hold our kernels and each of PyTorch's libraries to AVX2; its compiler follows ATen. */
const HELD_TO_AVX2 = {
  BAKEOFF_NATIVE: 'avx2',
  ATEN_CPU_CAPABILITY: 'avx2',
  ONEDNN_MAX_CPU_ISA: 'AVX2',
  MKL_ENABLE_INSTRUCTIONS: 'AVX2',
};

/**
 * `avx512`: AVX-512; `avx2`: AVX2 with fused multiply-add; `neon`: 64-bit ARM; `other`: anything else.
 * @param {string} flags of the processor, as in /proc/cpuinfo
 */
export function machineClass(flags = readFlags(), architecture = arch()) {
  if (architecture === 'arm64') return 'neon';
  const has = new Set(flags.split(/\s+/));
  if (AVX512_FLAGS.every((flag) => has.has(flag))) return 'avx512';
  return has.has('avx2') && has.has('fma') ? 'avx2' : 'other';
}

function readFlags() {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

const asItIs = (name, title) => ({ name, title, environment: {} });

/**
 * The widths that a class is measured at, the widest first; `name` selects the limits that hold.
 * @type {Record<string, { name: string, title: string, environment: Record<string, string> }[]>}
 */
export const widthsOf = {
  avx512: [asItIs('avx512', 'AVX-512'), { name: 'avx2', title: 'held to AVX2', environment: HELD_TO_AVX2 }],
  avx2: [asItIs('avx2', 'AVX2')],
  neon: [asItIs('neon', 'NEON')],
  other: [asItIs('other', 'no AVX2')],
};
