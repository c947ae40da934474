import type { Plan, Sources } from '@bakeoff/core';

export interface ComparedPlan {
  readonly plan: Plan;
  /** What is known of its datasets' sources; messages call one that is absent by its name alone. */
  readonly sources?: Sources;
}
