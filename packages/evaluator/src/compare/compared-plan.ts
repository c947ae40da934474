import type { Plan, Sources } from '@bakeoff/core';

export interface ComparedPlan {
  readonly plan: Plan;
  /** What is known about its datasets' sources. Messages call a source that is absent by its name. */
  readonly sources?: Sources;
}
