import { UserError } from '@bakeoff/core/user-error';
import { type NativeOption, nativeOptions } from '@bakeoff/engine/engines';

/**
 * Which native kernels the engine wasm uses, by BAKEOFF_NATIVE: auto (also if unset or empty), off, or a width.
 * @throws UserError naming the allowed values
 */
export function readNativeSetting(environment: NodeJS.ProcessEnv): NativeOption {
  const value = environment['BAKEOFF_NATIVE'] || 'auto';
  const known = nativeOptions.find((option) => option === value);
  if (known !== undefined) return known;
  throw new UserError({
    what: 'BAKEOFF_NATIVE, which says what native kernels the engine wasm uses, has an unknown value',
    received: value,
    allowed: nativeOptions.join(', '),
    fix: 'set it to one of the allowed values, or leave it unset',
  });
}
