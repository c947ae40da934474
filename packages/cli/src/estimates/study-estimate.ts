import type { Plan, PlannedRun, Store } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { datasetOf } from '../plans/dataset-of.ts';
import type { PlanState } from '../plans/plan-state.ts';
import { jobLimits } from '../tasks/job-limits.ts';
import type { Task } from '../tasks/task.ts';
import { bytesToWrite, freeBytes } from './disk.ts';
import { type ExpectedTime, expectedTimes } from './expected-time.ts';
import { type Basis, type MachineSpeeds, readMachineSpeeds } from './machine-speeds.ts';
import { timeLeft } from './time-left.ts';

/** What the rest of a study takes on this machine. */
export interface StudyEstimate {
  /** Until its report is written; null if the speed of a training is unknown. Downloads are not counted. */
  readonly seconds: number | null;
  /** Of all trainings together, one after the other; null likewise. */
  readonly trainingSeconds: number | null;
  /** Trainings may stop early: every one is counted to its last epoch. */
  readonly isUpperBound: boolean;
  /** Trainings at a time. */
  readonly atOnce: number;
  /** Trainings to do, by what is known of their speed. */
  readonly trainings: Readonly<Record<Basis, number>>;
  /** By run id, for the trainings to do. */
  readonly runSeconds: ReadonlyMap<string, number | null>;
  /** Bytes that the store will take in addition, and the free bytes where it is; null if that is not known. */
  readonly bytes: number;
  readonly freeBytes: number | null;
}

export interface EstimateSetting {
  readonly store: Store;
  readonly cacheFolder: string;
  readonly engine: EngineName | 'auto';
  /** Tasks at a time; absent: as many as the machine can run. */
  readonly jobs?: number;
}

/** @param tasks what is left of the plan, as `planTasks` lists it */
export async function estimateStudy(
  plan: Plan,
  state: PlanState,
  tasks: readonly Task[],
  setting: EstimateSetting,
): Promise<StudyEstimate> {
  const runs = trainingsOf(tasks);
  const { speeds, atOnce } = await readSpeeds(plan, runs, setting);
  const expectedOf = expectedTimes(plan, speeds);
  const left = timeLeft(
    tasks.map((task) => ({ task, status: 'waiting', measuredSeconds: 0, measuredShare: 0, shareLeft: 1 })),
    expectedOf,
    { ...jobLimits(setting.jobs), jobs: atOnce },
  );
  const trainings = { measured: 0, calibrated: 0, unknown: 0 };
  for (const run of runs) trainings[speeds.basis(run, datasetOf(plan, run))]++;
  const runSeconds = new Map(runs.map((run) => [run.runId, speeds.training(run, datasetOf(plan, run))]));
  const seconds = [...runSeconds.values()];
  return {
    seconds: left?.seconds ?? null,
    trainingSeconds: seconds.includes(null) ? null : seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    isUpperBound: runs.some(({ recipe }) => recipe.earlyStopping !== null),
    atOnce,
    trainings,
    runSeconds,
    bytes: bytesToWrite(plan, state, atOnce),
    freeBytes: await freeBytes(setting.store.url),
  };
}

/** What each task of a study is expected to take on this machine, for the time left. */
export async function expectedHere(
  plan: Plan,
  tasks: readonly Task[],
  setting: EstimateSetting,
): Promise<(task: Task) => ExpectedTime> {
  return expectedTimes(plan, (await readSpeeds(plan, trainingsOf(tasks), setting)).speeds);
}

function trainingsOf(tasks: readonly Task[]): PlannedRun[] {
  return tasks.flatMap(({ work }) => (work.stage === 'train' ? [work.run] : []));
}

async function readSpeeds(
  plan: Plan,
  runs: readonly PlannedRun[],
  { jobs, ...places }: EstimateSetting,
): Promise<{ readonly speeds: MachineSpeeds; readonly atOnce: number }> {
  const limits = jobLimits(jobs);
  const replicas = Math.max(1, ...runs.map(({ recipe }) => recipe.replicas));
  const most = Math.floor(Math.min(limits.jobs, limits.cores) / replicas);
  const together = Math.max(1, Math.min(runs.length, most));
  const speeds = await readMachineSpeeds(plan, { ...places, isShared: together * replicas > 1 });
  return { speeds, atOnce: speeds.takesWholeMachine && jobs === undefined ? 1 : together };
}
