export { fingerprintSource } from './fingerprint-source.ts';
export { prepareDataset, type PrepareDatasetInput } from './prepare-dataset.ts';
export type { SourceOptions } from './source.ts';
