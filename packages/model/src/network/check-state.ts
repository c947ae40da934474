import { type SafeTensor, UserError } from '@bakeoff/core';
import type { WeightSpec } from '../layers/layer-weights.ts';

const SHOWN = 5;

function listed(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}

/** @throws UserError unless the state holds exactly the tensors a network has, float32 and in their shapes; `name` is for the message. */
export function checkState(
  specs: readonly WeightSpec[],
  state: Readonly<Record<string, SafeTensor>>,
  name: string,
): void {
  const fail = (received: string, allowed: string): never => {
    throw new UserError({
      what: `${name} does not fit the model`,
      received,
      allowed,
      fix: 'load it into the model it was saved from',
    });
  };
  const missing = specs.filter((spec) => state[spec.name] === undefined);
  if (missing.length > 0)
    fail(`no ${listed(missing.map((spec) => spec.name))}`, `all of the model's ${specs.length} tensors`);
  const known = new Set(specs.map((spec) => spec.name));
  const unknown = Object.keys(state).filter((each) => !known.has(each));
  if (unknown.length > 0) fail(`unknown tensors ${listed(unknown)}`, listed([...known]));
  for (const { name: tensorName, shape } of specs) {
    const found = state[tensorName] as SafeTensor;
    if (found.shape.join() !== shape.join())
      fail(`${tensorName} of shape [${found.shape.join(', ')}]`, `[${shape.join(', ')}]`);
    if (!(found.data instanceof Float32Array)) fail(`${tensorName} that is not float32`, 'float32');
  }
}
