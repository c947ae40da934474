/** What a store holds, by the beginning of its keys. */
export const prefixes = {
  plans: 'plans/',
  schedules: 'schedules/',
  executions: 'executions/',
  sources: 'sources/',
  datasets: 'datasets/',
  runs: 'runs/',
  evaluations: 'evaluations/',
  comparisons: 'comparisons/',
  reports: 'reports/',
} as const;

export type StorePrefix = (typeof prefixes)[keyof typeof prefixes];
type Key = `${StorePrefix}${string}`;

/** The keys of every object in a store; ids are the hex hashes of `ids.ts`. */
export const keys = {
  plan: (planId: string) => `plans/${planId}/plan.json`,
  datasetIndex: (datasetId: string) => `datasets/${datasetId}/index.json`,
  shard: (datasetId: string, split: string, number: number) =>
    `datasets/${datasetId}/shards/${split}-${String(number).padStart(3, '0')}.safetensors`,
  /** A few training images of each class, for people to look at. */
  samples: (datasetId: string) => `datasets/${datasetId}/samples.safetensors`,
  viewIndex: (datasetId: string, augmentationId: string, view: number) =>
    `datasets/${datasetId}/views/${augmentationId}/${view}/index.json`,
  viewShard: (datasetId: string, augmentationId: string, view: number, number: number) =>
    `datasets/${datasetId}/views/${augmentationId}/${view}/train-${String(number).padStart(3, '0')}.safetensors`,
  runConfig: (runId: string) => `runs/${runId}/config.json`,
  runRecord: (runId: string) => `runs/${runId}/run.json`,
  runModel: (runId: string, sha256: string) => `runs/${runId}/model/${sha256.slice(0, 16)}.safetensors`,
  runHistory: (runId: string, sha256: string) => `runs/${runId}/history/${sha256.slice(0, 16)}.safetensors`,
  attempts: (runId: string) => `runs/${runId}/attempts/`,
  checkpoint: (runId: string, attemptId: string, step: number) =>
    `runs/${runId}/attempts/${attemptId}/checkpoints/${String(step).padStart(9, '0')}.safetensors`,
  runMeasurements: (runId: string) => `runs/${runId}/measurements/`,
  runMeasurement: (runId: string, attemptId: string) => `runs/${runId}/measurements/${attemptId}.json`,
  evaluationRecord: (evaluationId: string) => `evaluations/${evaluationId}/evaluation.json`,
  predictions: (evaluationId: string) => `evaluations/${evaluationId}/predictions.safetensors`,
  evaluationMeasurements: (evaluationId: string) => `evaluations/${evaluationId}/measurements/`,
  evaluationMeasurement: (evaluationId: string, attemptId: string) =>
    `evaluations/${evaluationId}/measurements/${attemptId}.json`,
  comparison: (comparisonId: string) => `comparisons/${comparisonId}/comparison.json`,
  reportPage: (reportId: string) => `reports/${reportId}/index.html`,
  reportRecord: (reportId: string) => `reports/${reportId}/report.json`,
  /** The stable address of a manifest's newest report. */
  latestReportPage: (manifestName: string) => `reports/latest/${manifestName}/index.html`,
  latestReportRecord: (manifestName: string) => `reports/latest/${manifestName}/report.json`,
  /** An archive stored with the plan at submission, by its SHA-256. */
  sourceArchive: (sha256: string) => `sources/${sha256}`,
  /** The files of an archive that is a folder, as tensors of bytes, by the digest of the source. */
  sourceFolder: (sha256: string) => `sources/${sha256}.safetensors`,
  execution: (executionId: string) => `executions/${executionId}/execution.json`,
  /** A top-level array, because that is what the state machine's map reads. */
  executionPending: (executionId: string) => `executions/${executionId}/pending.json`,
  executionFailures: (executionId: string) => `executions/${executionId}/failures/`,
  executionFailure: (executionId: string, runId: string) => `executions/${executionId}/failures/${runId}.json`,
  /** Until when trainings of the execution go straight to on-demand instances; absent: Spot has had capacity. */
  executionOnDemand: (executionId: string) => `executions/${executionId}/on-demand.json`,
  /** Subject and text of the message that announces the report. */
  executionMessage: (executionId: string) => `executions/${executionId}/message.json`,
  /** Where the state machine's map writes its results, which nothing reads. */
  executionMapRuns: 'executions/map-runs',
  schedule: (scheduleId: string) => `schedules/${scheduleId}/schedule.json`,
  /** Occurrences by their times, and beside them the claims of seeds. */
  scheduleOccurrences: (scheduleId: string) => `schedules/${scheduleId}/`,
  scheduleOccurrence: (scheduleId: string, scheduledTime: string) => `schedules/${scheduleId}/${scheduledTime}.json`,
  scheduleSeeds: (scheduleId: string) => `schedules/${scheduleId}/seeds/`,
  scheduleSeed: (scheduleId: string, occurrence: number) =>
    `schedules/${scheduleId}/seeds/${String(occurrence).padStart(6, '0')}.json`,
} as const satisfies Readonly<Record<string, Key | ((...of: never[]) => Key)>>;
