export { executionMessageSchema, type ExecutionMessage } from './execution-message.ts';
export { executionOf, findPlan, type ExecutionRecord } from './execution-record.ts';
export { openExecution, type OpenedExecution } from './open-execution.ts';
export { findPendingRuns } from './pending-runs.ts';
export {
  scheduleRecordSchema,
  occurrenceRecordSchema,
  reserveOccurrence,
  type OccurrenceRecord,
  type ScheduleRecord,
} from './schedule-record.ts';
export { describeJobCause, readRunFailures, type FailureLog, type RunFailure } from './run-failures.ts';
