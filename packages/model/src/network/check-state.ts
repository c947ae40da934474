import { type SafeTensor, UserError } from '@bakeoff/core';
import type { WeightSpec } from '../layers/layer-weights.ts';

const SHOWN = 5;

function listed(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}

/**
 * The values of every tensor that a network has.
 * @throws UserError unless the state holds exactly these, float32 and in their shapes; `name` is for the message
 */
export function checkState(
  specs: readonly WeightSpec[],
  state: Readonly<Record<string, SafeTensor>>,
  name: string,
): ReadonlyMap<WeightSpec, Float32Array> {
  const misfit = (received: string, allowed: string): UserError =>
    new UserError({
      what: `${name} does not fit the model`,
      received,
      allowed,
      fix: 'load it into the model it was saved from',
    });
  const missing = specs.filter((spec) => state[spec.name] === undefined).map((spec) => spec.name);
  if (missing.length > 0) throw misfit(`no ${listed(missing)}`, `all of the model's ${specs.length} tensors`);
  const known = new Set(specs.map((spec) => spec.name));
  const unknown = Object.keys(state).filter((each) => !known.has(each));
  if (unknown.length > 0) throw misfit(`unknown tensors ${listed(unknown)}`, listed([...known]));
  const values = new Map<WeightSpec, Float32Array>();
  for (const spec of specs) {
    const { shape = [], data } = state[spec.name] ?? {};
    if (shape.join() !== spec.shape.join())
      throw misfit(`${spec.name} of shape [${shape.join(', ')}]`, `[${spec.shape.join(', ')}]`);
    if (!(data instanceof Float32Array)) throw misfit(`${spec.name} that is not float32`, 'float32');
    values.set(spec, data);
  }
  return values;
}
