/** What a stage does with the store, by key prefix: the roles are made from this table. */
export interface StagePermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Prefixes it removes objects from. */
  readonly remove: readonly string[];
  /** Prefixes it lists. */
  readonly list: readonly string[];
}

export type JobName = 'plan' | 'data-prep' | 'train' | 'evaluate' | 'compare' | 'report';

export const stagePermissions: Readonly<Record<JobName, StagePermissions>> = {
  plan: { read: ['plans/', 'schedules/', 'executions/', 'runs/', 'evaluations/'], write: ['plans/', 'schedules/', 'executions/'], remove: [], list: ['schedules/', 'runs/'] },
  'data-prep': { read: ['plans/', 'executions/', 'datasets/', 'sources/'], write: ['datasets/'], remove: [], list: ['datasets/'] },
  train: { read: ['plans/', 'executions/', 'datasets/', 'runs/'], write: ['runs/'], remove: ['runs/'], list: ['runs/'] },
  evaluate: { read: ['plans/', 'executions/', 'datasets/', 'runs/', 'evaluations/'], write: ['evaluations/'], remove: [], list: ['evaluations/'] },
  compare: { read: ['plans/', 'executions/', 'runs/', 'evaluations/', 'comparisons/'], write: ['comparisons/'], remove: [], list: ['executions/'] },
  report: { read: ['plans/', 'executions/', 'datasets/', 'runs/', 'evaluations/', 'comparisons/', 'reports/'], write: ['reports/'], remove: [], list: ['runs/', 'evaluations/', 'executions/'] },
};
