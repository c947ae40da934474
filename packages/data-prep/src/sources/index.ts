export { localPaths, sourceOf, sources, usualInput } from './registry.ts';
export type { Source } from './source.ts';
