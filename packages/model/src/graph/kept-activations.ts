import type { Operation } from './fuse-layers.ts';

/** What an operation keeps of its input and output for its backward pass. */
function keeps(operation: Operation): { readonly input: boolean; readonly output: boolean } {
  switch (operation.type) {
    case 'conv2d':
    case 'batchNorm':
      return { input: true, output: operation.relu };
    case 'dense':
      return { input: true, output: operation.activation !== null };
    case 'maxPool':
      return { input: true, output: true };
    case 'residual':
      return { input: false, output: operation.relu };
    default:
      return { input: false, output: false };
  }
}

/** An activation tensor of a forward pass; `operation` is null for the images themselves. */
export interface Activation {
  readonly operation: Operation | null;
  readonly elements: number;
  kept: boolean;
}

function walk(operations: readonly Operation[], input: Activation, all: Activation[]): Activation {
  let current = input;
  for (const operation of operations) {
    const { input: keepsInput, output: keepsOutput } = keeps(operation);
    if (keepsInput) current.kept = true;
    if (operation.type === 'residual') {
      walk(operation.branch, current, all);
      walk(operation.shortcut, current, all);
    }
    if (operation.type === 'flatten') continue; // the same memory under another shape
    current = {
      operation,
      elements: operation.output.reduce((product, extent) => product * extent, 1),
      kept: keepsOutput,
    };
    all.push(current);
  }
  return current;
}

/** Every activation of one sample's forward pass, and whether the backward pass needs it; each tensor once, however many operations keep it. */
export function activations(operations: readonly Operation[], inputElements: number): readonly Activation[] {
  const images: Activation = { operation: null, elements: inputElements, kept: false };
  const all = [images];
  walk(operations, images, all);
  return all;
}
