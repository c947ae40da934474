import { evaluationIds } from './plan/planned-evaluations.ts';
import { type StageName, type StageResults, stages, type Subject, type SubjectOf } from './stages.ts';
import type { Plan, PlannedDataset, PlannedRun } from './records/plan-records.ts';

interface Subjects {
  readonly plan: { readonly planId: string };
  readonly dataset: { readonly dataset: PlannedDataset };
  readonly run: { readonly run: PlannedRun };
}

/** One stage on one subject: what a child process, a container or a Batch job does. */
export type StageWork = { [Name in StageName]: WorkOf<Name> }[StageName];
export type WorkOf<Name extends StageName> = { readonly stage: Name } & Subjects[SubjectOf<Name>];

/** Everything one stage does for a plan, or for a part of one. */
export function stageWork(stage: StageName, plan: Pick<Plan, 'planId' | 'datasets' | 'runs'>): StageWork[] {
  const subjects: Readonly<Record<Subject, readonly Subjects[Subject][]>> = {
    plan: [{ planId: plan.planId }],
    dataset: plan.datasets.map((dataset) => ({ dataset })),
    run: plan.runs.map((run) => ({ run })),
  };
  // The table says which subject a stage has, but types cannot follow that from a stage's name.
  return subjects[stages[stage].subject].map((subject) => ({ stage, ...subject }) as StageWork);
}

/** The id of its subject. */
export function subjectId(work: StageWork): string {
  if ('run' in work) return work.run.runId;
  return 'dataset' in work ? work.dataset.datasetId : work.planId;
}

/** The id of the one dataset or run that the work depends on; undefined: it depends on all of its plan's. */
export function subjectUnder(work: StageWork, subject: Subject): string | undefined {
  if ('run' in work) return { run: work.run.runId, dataset: work.run.datasetId, plan: undefined }[subject];
  return 'dataset' in work && subject === 'dataset' ? work.dataset.datasetId : undefined;
}

export interface StageKeys {
  readonly folder: string;
  readonly marker: string;
  /** One object per attempt: engine, machine, times. */
  readonly measurements: string;
}

/** Where a work's results are: those of each of its evaluations, if it has several; empty if they are in no folder of their own. */
export function resultKeys(work: StageWork): StageKeys[] {
  const { results } = stages[work.stage];
  if (results === null) return [];
  return resultIds(work, results).map((id) => {
    const folder = `${results.prefix}${id}/`;
    return { folder, marker: `${folder}${results.marker}`, measurements: `${folder}measurements/` };
  });
}

function resultIds(work: StageWork, { namedBy }: StageResults): string[] {
  return namedBy === 'evaluationId' && 'run' in work ? evaluationIds(work.run) : [subjectId(work)];
}
