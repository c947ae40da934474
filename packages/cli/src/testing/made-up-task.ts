import { type StageName, stages, stageWork } from '@bakeoff/core';
import type { Task } from '../tasks/task.ts';

/** A task that needs almost no resources: one stage on a subject with this id. */
export function madeUpTask(stage: StageName, subjectId: string, settings: Partial<Task> = {}): Task {
  const plan = {
    planId: subjectId,
    datasets: [{ datasetId: subjectId }],
    runs: [{ runId: subjectId }],
  } as unknown as Parameters<typeof stageWork>[1];
  const [work] = stageWork(stage, plan);
  if (work === undefined) throw new Error(`the plan has a ${stages[stage].subject}`);
  return {
    id: `${stage}:${subjectId}`,
    work,
    label: subjectId,
    command: [],
    requires: [],
    follows: [],
    requiresOneOf: [],
    cores: 1,
    memoryBytes: 1,
    effort: 1,
    ...settings,
  };
}
