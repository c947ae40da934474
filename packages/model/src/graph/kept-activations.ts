import type { Operation } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';

/** An activation tensor of a forward pass; `operation` is null for the images themselves. */
export interface Activation {
  readonly operation: Operation | null;
  readonly elements: number;
  kept: boolean;
}

function walk(operations: readonly Operation[], input: Activation, all: Activation[]): Activation {
  let current = input;
  for (const operation of operations) {
    const keeps = kindOf(operation.layer).keeps(operation);
    if (keeps.input) current.kept = true;
    for (const path of operation.paths) walk(path, current, all);
    if (keeps.output === 'input') continue;
    current = {
      operation,
      elements: operation.output.reduce((product, extent) => product * extent, 1),
      kept: keeps.output === 'kept',
    };
    all.push(current);
  }
  return current;
}

/**
 * Every activation of one sample's forward pass, and whether the backward pass needs it; each tensor is listed once,
 * however many operations keep it.
 */
export function activations(operations: readonly Operation[], inputElements: number): readonly Activation[] {
  const images: Activation = { operation: null, elements: inputElements, kept: false };
  const all = [images];
  walk(operations, images, all);
  return all;
}
