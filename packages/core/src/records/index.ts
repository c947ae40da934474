export { calibrationSchema, type CalibratedNetwork, type Calibration } from './calibration-records.ts';
export type {
  CheckpointComparison,
  ComparisonRecord,
  DatasetComparison,
  RecipeComparison,
  RecipeSummary,
  SearchComparison,
  SectionComparison,
} from './comparison-records.ts';
export {
  datasetIndexSchema,
  viewIndexSchema,
  type DatasetIndex,
  type ShardEntry,
  type SplitEntry,
  type SplitName,
  type ViewIndex,
} from './dataset-records.ts';
export { describeFinding } from './describe-finding.ts';
export { evaluationRecordSchema, type EvaluationRecord, type HardImage, type ModelCost } from './evaluation-records.ts';
export { type Finding, NAMES_KEPT } from './finding-records.ts';
export * from './json-records.ts';
export {
  evaluationMeasurementSchema,
  trainingMeasurementSchema,
  type EngineDescription,
  type EvaluationMeasurement,
  type GpuUse,
  type TrainingMeasurement,
} from './measurement-records.ts';
export {
  planSchema,
  type Plan,
  type PlannedDataset,
  type PlannedExperiment,
  type PlannedRun,
  type ReportSection,
  type Trial,
} from './plan-records.ts';
export { storedComparisonSchema } from './comparison-records.ts';
export { readAttempts } from './read-attempts.ts';
export { readComparison } from './read-comparison.ts';
export { reportRecordSchema, reportsResults } from './report-records.ts';
export { CHECKPOINT_INTERVAL_MS, type RunProgress } from './run-progress.ts';
export { writePlan } from './write-plan.ts';
export {
  runConfigSchema,
  runRecordSchema,
  type EpochRow,
  type FileEntry,
  type RunConfig,
  type RunRecord,
  type StopReason,
} from './run-records.ts';
