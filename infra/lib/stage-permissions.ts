/** What a stage does with the store, by key prefix: the roles are made from this table. Whatever it reads it may also list. */
export interface StagePermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Prefixes it removes objects from. */
  readonly remove: readonly string[];
}

export type JobName = 'plan' | 'data-prep' | 'train' | 'evaluate' | 'compare' | 'report';

export const stagePermissions: Readonly<Record<JobName, StagePermissions>> = {
  plan: {
    read: ['plans/', 'schedules/', 'executions/', 'runs/', 'evaluations/'],
    write: ['plans/', 'schedules/', 'executions/'],
    remove: [],
  },
  'data-prep': { read: ['plans/', 'executions/', 'datasets/', 'sources/'], write: ['datasets/'], remove: [] },
  train: { read: ['plans/', 'executions/', 'datasets/', 'runs/'], write: ['runs/'], remove: ['runs/'] },
  evaluate: {
    read: ['plans/', 'executions/', 'datasets/', 'runs/', 'evaluations/'],
    write: ['evaluations/'],
    remove: [],
  },
  compare: {
    read: ['plans/', 'executions/', 'runs/', 'evaluations/', 'comparisons/'],
    write: ['comparisons/'],
    remove: [],
  },
  report: { read: ['plans/', 'executions/', 'runs/', 'evaluations/', 'comparisons/'], write: ['reports/'], remove: [] },
};
