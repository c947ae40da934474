import type { EngineName } from '@bakeoff/model/engine';

/** In the order in which `auto` tries them; stated here too because the engines' own module loads TensorFlow.js. */
export const ENGINE_NAMES = ['tensorflow-gpu', 'wasm', 'tensorflow', 'cpu'] as const satisfies readonly EngineName[];
