export { decodeManifest } from './decode-manifest.ts';
export { parseManifest, readManifest } from './parse-manifest.ts';
export { mistakesError } from './problem.ts';
export { readSeeds, readSettingChange, type SettingChange } from './setting-change.ts';
export { manifestJsonSchema } from './json-schema.ts';
export { manifestPage } from './page/manifest-page.ts';
export { manifestSettings, type SettingGroup, type SettingRow } from './page/manifest-settings.ts';
export type { Manifest, ManifestExperiment } from './manifest.ts';
export type { ManifestDocument } from './document-schema.ts';
export type {
  ChartVocabulary,
  ModelNotation,
  SourceFacts,
  SourceFingerprint,
  Sources,
  Vocabulary,
} from './vocabulary.ts';
export {
  sourceSettings,
  splitSettings,
  type DatasetConfig,
  type DatasetSettings,
  type SplitSettings,
} from './dataset-schema.ts';
export type { AugmentationConfig, Transform } from './augmentation-schema.ts';
export {
  type EvaluationConfig,
  evaluationText,
  forwardPasses,
  isPlain,
  PLAIN_EVALUATION,
} from './evaluation-schema.ts';
export type { ModelConfig, Recipe } from './recipe-schema.ts';
export type { EmaConfig } from './averaging-schema.ts';
export type { ClassWeights, MixupConfig } from './loss-schema.ts';
export type {
  EarlyStoppingConfig,
  Monitor,
  NormalizationConfig,
  OptimizerConfig,
  ScheduleConfig,
} from './training-schema.ts';
export { channelValues } from './training-schema.ts';
export { nearestNames } from './nearest-names.ts';
