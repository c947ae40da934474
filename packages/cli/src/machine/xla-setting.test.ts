import { describe, expect, it } from 'vitest';
import { prepareXla, readXlaSetting } from './xla-setting.ts';

describe('BAKEOFF_XLA', () => {
  it('is off unless it says otherwise', () => {
    expect([{}, { BAKEOFF_XLA: '' }, { BAKEOFF_XLA: '0' }].map(readXlaSetting)).toEqual([false, false, false]);
    expect(readXlaSetting({ BAKEOFF_XLA: '1' })).toBe(true);
  });

  it('with another value is a mistake that names the allowed ones', () => {
    expect(() => readXlaSetting({ BAKEOFF_XLA: 'yes' })).toThrow(/yes.*0, 1/s);
  });
});

describe('prepareXla', () => {
  it('turns TF32 off where nobody has decided about it, and keeps other flags', () => {
    const environment: NodeJS.ProcessEnv = { XLA_FLAGS: '--xla_dump_to=/tmp/x' };
    prepareXla(environment);
    const flags = '--xla_dump_to=/tmp/x --xla_gpu_enable_triton_gemm=false';
    expect(environment).toEqual({ XLA_FLAGS: flags, NVIDIA_TF32_OVERRIDE: '0' });
    prepareXla(environment);
    expect(environment['XLA_FLAGS']).toBe(flags);
    const decided = { XLA_FLAGS: '--xla_gpu_enable_triton_gemm=true', NVIDIA_TF32_OVERRIDE: '1' };
    prepareXla(decided);
    expect(decided).toEqual({ XLA_FLAGS: '--xla_gpu_enable_triton_gemm=true', NVIDIA_TF32_OVERRIDE: '1' });
  });
});
