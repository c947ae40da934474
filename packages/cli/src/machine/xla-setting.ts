import { UserError } from '@bakeoff/core/user-error';

const VALUES: Readonly<Record<string, boolean>> = { 1: true, 0: false };

/**
 * Whether XLA compiles whole steps, by BAKEOFF_XLA, which `--xla` sets for the processes of runs: 1, or 0 (also if unset
 * or empty).
 * @throws UserError naming the allowed values
 */
export function readXlaSetting(environment: NodeJS.ProcessEnv): boolean {
  const value = environment['BAKEOFF_XLA'] || '0';
  if (Object.hasOwn(VALUES, value)) return VALUES[value]!;
  throw new UserError({
    what: 'BAKEOFF_XLA, which says whether XLA compiles whole steps, has an unknown value',
    received: value,
    allowed: Object.keys(VALUES).join(', '),
    fix: 'set it to one of the allowed values, or leave it unset',
  });
}

/**
 * Sets what XLA reads when it first compiles. Its own matrix products on tensor cores would round float32 to TF32, which
 * those of the GPU's libraries do not do either (NVIDIA_TF32_OVERRIDE, which XLA's do not heed).
 */
export function prepareXla(environment: NodeJS.ProcessEnv): void {
  const flags = environment['XLA_FLAGS'] ?? '';
  if (!flags.includes('xla_gpu_enable_triton_gemm'))
    environment['XLA_FLAGS'] = `${flags} --xla_gpu_enable_triton_gemm=false`.trim();
  environment['NVIDIA_TF32_OVERRIDE'] ??= '0';
}
