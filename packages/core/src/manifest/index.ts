export { parseManifest } from './parse-manifest.ts';
export { manifestJsonSchema } from './json-schema.ts';
export type { Manifest, ManifestExperiment } from './manifest.ts';
export type { ManifestDocument } from './document-schema.ts';
export type { ModelSchemas } from './settings-schema.ts';
export { nearestNames } from './nearest-names.ts';
